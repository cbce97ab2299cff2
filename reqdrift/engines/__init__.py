"""What runs where the environments are: on hosts of Ansible, on workers of Dask."""
