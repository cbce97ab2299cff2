INSTALLED_APPS = ["app", "gamma_app.apps"]
