"""What guardian reads: the grants valid now, times the permissions of their kind; nobody writes around the table."""

from django.db import migrations

VIEW = """
CREATE VIEW casework_case_permission WITH (security_invoker = true) AS
SELECT g.id, g.user_id, p.id AS permission_id, g.case_id AS content_object_id
FROM casework_grant g
JOIN (VALUES
    ('contactpersoon', 'handle_case'), ('contactpersoon', 'view_case'),
    ('tweede', 'handle_case'), ('tweede', 'view_case'),
    ('vervanger', 'handle_case'), ('vervanger', 'view_case'),
    ('consult', 'view_case'), ('toetsing', 'view_case'), ('inwoner', 'view_case')
) k(kind, codename) ON k.kind = g.kind
JOIN django_content_type t ON t.app_label = 'casework' AND t.model = 'case'
JOIN auth_permission p ON p.content_type_id = t.id AND p.codename = k.codename
WHERE g.validity @> now();
REVOKE INSERT, UPDATE, DELETE ON casework_case_permission FROM toegang_app;
REVOKE DELETE, TRUNCATE ON casework_grant FROM toegang_app;
REVOKE INSERT, UPDATE, DELETE ON guardian_userobjectpermission, guardian_groupobjectpermission FROM toegang_app;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("guardian", "0003_remove_groupobjectpermission_guardian_gr_content_ae6aec_idx_and_more"),
    ]
    operations = [migrations.RunSQL(VIEW, "DROP VIEW casework_case_permission")]
