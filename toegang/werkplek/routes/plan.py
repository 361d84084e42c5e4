"""Routes of the plan, the choice of a provider and the evaluation."""

from django.urls import path

from toegang.werkplek.views import agreement, choice, evaluation, plan

urlpatterns = [
    path("zaak/<uuid:pk>/plan/", plan.case_plan, name="case_plan"),
    path("zaak/<uuid:pk>/plan/begin/", plan.plan_open, name="plan_open"),
    path("zaak/<uuid:pk>/plan/woorden/", plan.plan_words, name="plan_words"),
    path("zaak/<uuid:pk>/plan/doel/", plan.plan_goal, name="plan_goal"),
    path("zaak/<uuid:pk>/plan/doel/<uuid:goal>/actie/", plan.plan_action, name="plan_action"),
    path("zaak/<uuid:pk>/plan/ladder/<uuid:hulpvraag>/", plan.plan_ladder, name="plan_ladder"),
    path("zaak/<uuid:pk>/plan/maatwerk/<uuid:hulpvraag>/", plan.plan_line, name="plan_line"),
    path("zaak/<uuid:pk>/plan/maatwerk/<uuid:line>/weg/", plan.plan_line_remove, name="plan_line_remove"),
    path("zaak/<uuid:pk>/plan/delen/", plan.plan_share, name="plan_share"),
    path("zaak/<uuid:pk>/plan/aanpassen/", plan.plan_take_back, name="plan_take_back"),
    path("zaak/<uuid:pk>/plan/herinneren/", plan.plan_remind, name="plan_remind"),
    path("zaak/<uuid:pk>/plan/antwoord/", agreement.plan_agree, name="plan_agree"),
    path("zaak/<uuid:pk>/aanbieder/", choice.case_choice, name="case_choice"),
    path("zaak/<uuid:pk>/aanbieder/klaar/", choice.choice_done, name="choice_done"),
    path("zaak/<uuid:pk>/aanbieder/regel/<uuid:line>/", choice.choice_line, name="choice_line"),
    path("zaak/<uuid:pk>/aanbieder/regel/<uuid:line>/pgb/", choice.pgb, name="pgb"),
    path("zaak/<uuid:pk>/aanbieder/aanvraag/<uuid:hulpvraag>/", choice.aanvraag, name="aanvraag"),
    path("zaak/<uuid:pk>/evaluatie/", evaluation.case_evaluation, name="case_evaluation"),
    path("zaak/<uuid:pk>/evaluatie/datum/", evaluation.evaluation_move, name="evaluation_move"),
]
