"""Requirement lines, markers and versions as public projects have them."""

from __future__ import annotations

REQUIREMENTS = r"""
.[ci]
aiohttp!=4.0.0a0,!=4.0.0a1; extra == 'full'
amqp!=2.1.4,!=5.0.4
anyio!=4.15.0,<5,>=3.6.2
apache-airflow-core[memray]; extra == 'all'
arrow (>=0.15.0)
asv; sys_platform != "emscripten"
async-timeout ; extra == "test" and ( python_version < '3.11')
async_timeout>=0.2.0rc
attrs!=25.2.0,>=22.1.0
Babel>=2.7 ; extra == "i18n"
backports.zoneinfo==0.2.1;python_version<'3.9'
black>=20.8b0 ; extra == 'all'
brotli>=1.2.1; platform_python_implementation == "CPython" and extra == "all"
brotlicffi>=1.2.0.0; (platform_python_implementation != 'CPython') and extra == 'brotli'
brotlicffi>=1.2; platform_python_implementation != "CPython" and extra == "speedups"
build==1.2.2.post1
celery<2.0a.0
cffi>=1.0.1; python_version < "3.14"
cleo (>=2.1.0,<3.0.0)
click!=8.3.0; extra == "mcp"
click-plugins==1.1.1.2
click<9.0,>=7.0
click>=7.0 ; extra == 'all'
cloudpickle >=1.3, <3.2.0
colorama ; (os_name == "nt") and extra == 'dev'
colorama==0.4.6 ; sys_platform == 'win32'
coverage[toml]; extra == "test"
cryptography>=41.0.5; python_version >= "3.14" and extra == "pyopenssl"
dask[array]; extra == "dataframe"
dask[dataframe,test]; extra == 'test-downstream'
dask[dataframe]>=2024.8 ; extra == 'dask'
dateparser==1.* ; extra == "test"
ddt!=1.4.3,>=1.1.1; extra == "test"
django-anymail[amazon-ses]==15.1
django-storages[google]==1.14.6
django-storages[s3]==1.14.6
Django>=1.4,<1.6
doc8 ; extra == "doc"
etcd3gw!=0.2.2,!=0.2.3,!=0.2.6
etils[epath]
eventlet>=0.32.0; python_version < "3.10" and extra == "eventlet"
fastapi<1; extra == "genai"
fastmcp<4,>=2.7.0; extra == "mcp"
Flask!=0.11
Flask<4
Flask>=2.0.3,<2.1.0
gpg; extra == "pgp"
greenlet>=3.1.0; (python_version < '3.14') and extra == 'async'
greenlet>=3.3.2; (python_version >= '3.14') and extra == 'async'
h11>=0.8
h2<5,>=4; extra == 'h2'
h2<5.0,>=3.2; extra == 'mypy'
h2===2.6.0;python_version=='3.4'
h2===4.4.1
h2>=4.4.1; extra == "http2"
httpx<1.0.0,>=0.23.0; extra == "all"
httpx[http2]>=0.27; extra == 'dev'
huey<4,>=2.5.4
id==1.6.1
idna<4,>=2.5
idna==2.5
idna===2.5
idna>=2.5; extra == 'tls'
inotify>=0.2.10; sys_platform == "linux" and extra == "testing"
jinja2 <3.2.0
jmespath (<2.0.0,>=0.7.1)
jsonpointer>1.13; extra == 'format'
jupyter-core!=6.0.*,>=5.1
kombu[mongodb]; extra == "mongodb"
kombu[sqlalchemy]; extra == "sqlalchemy"
lxml>=4.0; extra == "all"
mariadb!=1.1.10,!=1.1.2,!=1.1.5,>=1.0.1; extra == "mariadb-connector"
mistune~=3.0 ; extra == "compare"
molecule-vagrant>=1,<2
mypy<2,>=1.10; extra == "dev"
mypy==2.4.1; extra == "dev"
mypy===0.501;python_version=='3.4'
mypy~=1.6; extra == 'typing'
nbsphinx >=0.8.5, <=0.9.8
numpy~=2.0.0; python_version<="3.12"
onnx >1.12.0, <1.22.0
openapi-core~=0.18.0; extra == 'test'
opentelemetry-semantic-conventions===0.65b0
overrides>=5.0; python_version < '3.12'
packaging <26.1
pandas>2.1; extra == "test-extra"
pbr!=2.1.0
pbr>=0.5.16,<0.6
pooch>=1.6.0; sys_platform != "emscripten"
pyamg>=5.2; sys_platform != "emscripten" and python_version < "3.14"
pyro4==4.82; extra == "pyro"
pyspark[connect]>=3.5.0 ; extra == 'pyspark-connect'
pytest-asyncio!=0.22.0; extra == 'test'
pytest-xdist<4.0,>=3.6.1; extra == "dev"
pytest<9,>=8; extra == "dev"
pytest>=7; extra == 'all'
pytest>=8; extra == "test"
pytz>=2011b
pytz>=2015.7; python_version < "3.9"
pywin32!=226; (platform_system == 'Windows') and extra == 'mypy'
pywin32>=305; sys_platform == "win32" and extra == "nativelib"
qpid-python==1.36.0-1; extra == "qpid"
redis<8.0
rich >=12.3.0, <14.4.0
rich>=13
rich>=9.0.0 ; extra == 'all'
rq
rq>=1.8.1
ruff==0.1.8; extra == 'dev'
SecretStorage>=3.2; sys_platform == "linux"
snowflake-snowpark-python[modin]>=1.17.0; extra == "snowflake"
sphinx >=3.5 ; extra == 'docs'
sphinx<9.0; extra == 'docs'
sphinx>=7.0.0 ; extra == "doc"
SQLAlchemy<=0.7.99,>=0.7
sqlalchemy[asyncio]; extra == "aioodbc"
sqlalchemy[asyncio]==2.0.51
sqlalchemy[asyncio]>=2.0.50
tblib!=3.2.0,!=3.2.1,>=1.6.0
tomli; python_version < "3.11"
tomli;python_version<'3.11'
tomli>=1.1.0; python_version < '3.11'
tox ; extra == 'dev'
trio<1.0,>=0.22.0; extra == 'trio'
twine ==6.2.0
ty; extra == 'dev'
typing-extensions (<5,>=4.1) ; python_version < "3.8"
typing-extensions>=3.10.0.2; python_version < "3.10"
tzdata; sys_platform == "emscripten"
tzdata; sys_platform == "win32" and extra == "dev"
urllib3 (!=2.2.0,<3,>=1.25.4)
uv >= 0.1.18 ; extra == "uv"
uv>=0.12.10; extra == 'uv'
uvicorn[standard]<1; extra == "genai"
uvicorn[standard]>=0.12.0; extra == "all"
uvloop==0.22.1 ; platform_system != "Windows" and implementation_name == "cpython"
validate-pyproject[all] ; extra == 'dev'
vine<6.0,>=5.1.0
vine<6.0.0,>=5.0.0
waitress<4; platform_system == "Windows"
wmi ; (os_name == "nt" and implementation_name != "pypy") and extra == 'dev'
WSME>=0.5b2
wtforms[email]==3.2.2
xattr (>=1.0.0,<2.0.0) ; sys_platform == "darwin"
zstandard; (python_version < '3.14') and extra == 'test-full'
zstd===1.5.7.2
zuban ==0.5.1 ; extra == 'qa'
""".strip().splitlines()

MARKERS = r"""
platform_system != "Windows" and platform_system != "Darwin"
python_version >= "3.10"
python_version > "3.10"
platform_system != "Darwin" and python_version >= "3.12"
platform_python_implementation == "CPython" and sys_platform != "android" and sys_platform != "ios"
implementation_name == "cpython" and python_version < "3.14"
platform_machine != "i686"
implementation_name != "PyPy"
python_version <= "3.12"
platform_machine == "x86_64" and sys_platform == "linux" or sys_platform == "linux2"
python_version == "2.7"
(python_version=='2.7' or python_version=='3.4')
python_full_version < "3.11"
python_full_version < "3.10.2"
os_name == "nt"
python_version >= "3.14" and python_version < "3.15"
platform_python_implementation != "PyPy"
sys_platform == "emscripten" and python_version >= "3.12"
extra == "test"
extra == 'test-full'
(python_version < '3.14') and extra == 'async'
(os_name == "nt" and implementation_name != "pypy") and extra == 'dev'
""".strip().splitlines()

VERSIONS = (
    *("0.1.0", "0.165.0", "0.4.2", "0.5.4", "0.6", "0.66b2", "0.9.0", "1.12.1", "1.13.3", "1.2.4"),
    *("13.0.0", "2.0.7", "2.1.1", "2.4.6", "2.5.0", "2.7.1+cpu", "2.9.0.post0", "2026.10.19.post1"),
    *("2026.6", "2026.9.3", "21.0.0", "21.15.11", "23.10.4", "26.1.0", "26.2.0", "27.3.0", "3.0.0"),
    *("3.1.1", "3.1.6", "3.1.9", "3.2.0", "3.5.6", "4.12.0.RC1", "4.14.8", "4.26.0", "4.6.0"),
    *("5.0.0.dev20240105", "5.7.0", "50.0.2", "6.6.1", "7.2.0", "7.2.1", "7.2.2", "7.36.2"),
    *("8.10.0", "9.18.1"),
)
