# The production image of web, worker, clock and migrate. The authors of Toegang never built it on their own
# machines: tests/test_compose.py reads this file and docker-compose.yml as text.
# Both base images come in as name:tag@sha256:digest (see docker-compose.yml); without them the build stops.
ARG NODE_IMAGE
ARG PYTHON_IMAGE

FROM ${NODE_IMAGE} AS packages
WORKDIR /app
COPY .npmrc package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts

# Pango and HarfBuzz draw the letters; curl and compilers are not needed.
FROM ${PYTHON_IMAGE} AS base
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /nonexistent --shell /usr/sbin/nologin toegang \
    && install -d -o toegang -g toegang -m 0700 /var/lib/toegang/files /var/lib/toegang/roots
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=toegang.settings \
    TOEGANG_MODE=production \
    STATIC_ROOT=/app/served
WORKDIR /app

FROM base AS build
RUN python -m venv /opt/venv
COPY requirements.lock ./
RUN pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock
# The context holds what .dockerignore names: no tests, no demo data, no stand-in login.
COPY . .
COPY --from=packages /app/node_modules ./node_modules
# The keys live for these two commands only: production refuses to start without them.
RUN export SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        BSN_KEYS="$(python -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())')" \
        BSN_INDEX_KEYS="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
        ALLOWED_HOSTS=build.invalid BROKER_URL=redis://build.invalid \
    && python manage.py build_assets \
    && python manage.py collectstatic --noinput \
    && rm -r node_modules .npmrc package.json package-lock.json

# The code belongs to root and is read-only for the user that runs it.
FROM base AS final
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
RUN test ! -e toegang/demo && test ! -e tests && test ! -e node_modules
USER 10001:10001
EXPOSE 8000
CMD ["gunicorn", "toegang.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--max-requests", "1000", "--max-requests-jitter", "100", \
     "--worker-tmp-dir", "/tmp", "--no-control-socket"]
