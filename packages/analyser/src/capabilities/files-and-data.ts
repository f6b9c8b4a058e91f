import { argumentOf, type CallFact } from '../semantics/facts.ts';
import type { CapabilityRule } from './capability-rule.ts';

const OPENERS =
  /^(?:open|file|io\.open|codecs\.open|aiofiles\.open|gzip\.open|bz2\.open|lzma\.open|os\.fdopen|pathlib\.Path\.open)$/;

/** Mode in which a call opens a file; undefined where it opens none or the mode is not known. */
function modeOf(call: CallFact): string | undefined {
  const position = call.name.endsWith('Path.open') ? 0 : 1;
  const mode = argumentOf(call, position, 'mode');
  return mode === undefined ? 'r' : mode.text;
}

function opensForWriting(call: CallFact): boolean {
  return !OPENERS.test(call.name) || /[wax+]/.test(modeOf(call) ?? 'w');
}

function opensForReading(call: CallFact): boolean {
  return !OPENERS.test(call.name) || !/[wax]/.test(modeOf(call) ?? '');
}

const OPEN_CALLS = [
  '{open,file,io.open,codecs.open,aiofiles.open,gzip.open,bz2.open,lzma.open,os.fdopen}',
  'pathlib.Path.open',
];

/** Whether a method that writes where a path is given has one. */
function hasPath(call: CallFact): boolean {
  return (
    !/\.(?:to_csv|to_json|to_html|to_markdown|to_string)$/.test(call.name) ||
    call.args.length > 0 ||
    call.keywords.size > 0
  );
}

/** Files, data and documents on this machine. Source: documentation of the libraries named. */
export const fileAndDataCapabilities: readonly CapabilityRule[] = [
  {
    id: 'files.read',
    calls: [
      ...OPEN_CALLS,
      'pathlib.Path.{read_text,read_bytes,glob,rglob,iterdir,walk}',
      'os.{listdir,walk,scandir,fwalk}',
      'glob.{glob,iglob}',
      '{pandas,polars,dask.dataframe,geopandas}.{read_excel,read_csv,read_table,read_fwf,read_json,read_parquet,read_feather,read_pickle,read_hdf,read_xml,read_orc,read_sas,read_stata,ExcelFile,scan_csv,scan_parquet,read_file}',
      'openpyxl.**.load_workbook',
      'openpyxl.load_workbook',
      'googleapiclient.http.MediaFileUpload',
      'configparser.**.{read,read_file}',
      'ConfigParser.**.read',
      'numpy.{loadtxt,genfromtxt,load,fromfile}',
      'shutil.{copy,copy2,copyfile,copytree,copyfileobj}',
      'fileinput.{input,FileInput}',
      '{boto3,aioboto3}.**.upload_file',
      '{pydrive,pydrive2}.**.SetContentFile',
      'google.cloud.**.upload_from_filename',
      'linecache.{getline,getlines}',
      'torch.load',
      'joblib.load',
      'COM.{excel,word,powerpoint}.**.Open',
      'COM.filesystem.**.{OpenTextFile,GetFile,GetFolder}',
      '{docx.Document,pptx.Presentation}',
      'tarfile.open.**.add',
    ],
    accepts: (call) =>
      opensForReading(call) && !(/(?:docx\.Document|pptx\.Presentation)$/.test(call.name) && call.args.length === 0),
  },
  {
    id: 'files.write',
    modules: ['tempfile'],
    calls: [
      ...OPEN_CALLS,
      'pathlib.Path.{write_text,write_bytes,mkdir,touch,rename,replace,symlink_to,hardlink_to}',
      'os.{mkdir,makedirs,rename,renames,replace,link,symlink,truncate,mknod}',
      'shutil.{copy,copy2,copyfile,copytree,move,copyfileobj,make_archive,unpack_archive}',
      '{pandas,polars}.**.{to_excel,to_csv,to_parquet,to_pickle,to_feather,to_hdf,to_stata,write_csv,write_excel,write_parquet,write_json,to_json}',
      '?.**.{to_excel,to_csv,to_parquet,to_pickle}',
      '{openpyxl,xlwt,xlutils,odf,docx,pptx,docxtpl,fpdf,reportlab}.**.{save,output}',
      '?.**.{write_text,write_bytes}',
      'xlsxwriter.{Workbook,**.Workbook}',
      'pandas.ExcelWriter',
      '{pypdf,PyPDF2,PyPDF4,PyPDF3,pikepdf,fitz}.**.{write,save}',
      '{qrcode,pyqrcode,PIL}.**.{save,png,svg}',
      'cv2.{imwrite,VideoWriter}',
      '{matplotlib,seaborn,plotly}.**.{savefig,write_image,write_html}',
      'pyttsx3.**.save_to_file',
      '{gtts,pydub,moviepy}.**.{save,export,write_videofile,write_audiofile}',
      'numpy.{save,savez,savez_compressed,savetxt}',
      '{joblib,torch}.{dump,save}',
      '{urllib.request,urllib}.urlretrieve',
      'wget.download',
      '{boto3,aioboto3}.**.{download_file,download_fileobj}',
      'google.cloud.**.download_to_filename',
      '{pydrive,pydrive2}.**.GetContentFile',
      '{paramiko,pysftp}.**.get',
      'dropbox.**.files_download_to_file',
      'pyautogui.screenshot',
      'soundfile.write',
      'scipy.io.wavfile.write',
      '{zipfile,tarfile}.**.{extractall,extract}',
      'COM.{excel,word,powerpoint}.**.{SaveAs,SaveAs2,SaveCopyAs,ExportAsFixedFormat}',
      'COM.outlook.**.SaveAsFile',
      'logging.FileHandler',
      'logging.handlers.**',
      'tabula.convert_into',
      'shelve.open',
    ],
    accepts: (call) =>
      opensForWriting(call) &&
      hasPath(call) &&
      !(call.name === 'pyautogui.screenshot' && call.args.length + call.keywords.size === 0),
  },
  {
    id: 'files.delete',
    calls: [
      'os.{remove,unlink,rmdir,removedirs}',
      'shutil.rmtree',
      'pathlib.Path.{unlink,rmdir}',
      '{send2trash,send2trash.send2trash}',
      'COM.filesystem.**.{DeleteFile,DeleteFolder}',
    ],
    modules: ['send2trash'],
  },
  {
    id: 'archive',
    modules: 'zipfile tarfile py7zr rarfile patoolib zipfile36 pyzipper unrar gzip bz2 lzma zipapp'.split(' '),
    calls: ['shutil.{make_archive,unpack_archive}'],
  },
  { id: 'csv', modules: ['csv', 'unicodecsv'] },
  {
    id: 'dataframe',
    modules: 'pandas polars dask modin vaex pyspark cudf geopandas databricks.koalas pandasql'.split(' '),
  },
  {
    id: 'spreadsheet',
    modules:
      'openpyxl xlrd xlwt xlsxwriter xlutils xlwings pyxlsb odf ezodf pyexcel gspread pygsheets ezsheets formulas pyexcelerate'.split(
        ' ',
      ),
    calls: [
      '{pandas,polars,geopandas}.{read_excel,ExcelFile,ExcelWriter}',
      '{pandas,polars}.**.{to_excel,write_excel}',
      '?.**.to_excel',
      'COM.excel.**',
    ],
  },
  {
    id: 'document.pdf',
    modules:
      'PyPDF2 pypdf PyPDF4 PyPDF3 pdfplumber fitz pymupdf pikepdf pdfminer tabula camelot fpdf reportlab pdf2image pdfkit weasyprint xhtml2pdf borb pdfrw pypdfium2 img2pdf pymupdf4llm fpdf2 docx2pdf pdf2docx'.split(
        ' ',
      ),
  },
  {
    id: 'db',
    modules: (
      'sqlite3 pymysql mysql MySQLdb psycopg2 psycopg asyncpg pyodbc pymssql oracledb cx_Oracle sqlalchemy snowflake duckdb ' +
      'aiosqlite ibm_db ibm_db_dbi pyhdb hdbcli teradatasql clickhouse_driver clickhouse_connect redshift_connector jaydebeapi ' +
      'pymongo motor mongoengine redis aioredis cassandra elasticsearch opensearchpy neo4j qdrant_client chromadb pinecone ' +
      'weaviate influxdb influxdb_client tinydb couchdb peewee pony sqlmodel tortoise databases dataset records pymilvus lancedb ' +
      'apsw pg8000 turbodbc aiomysql aiopg flask_sqlalchemy langchain_chroma faiss pypyodbc adodbapi fdb firebirdsql leveldb ' +
      'asyncmy alembic ibis apscheduler.jobstores.sqlalchemy apscheduler.jobstores.redis apscheduler.jobstores.mongodb django.db'
    ).split(' '),
    calls: [
      'COM.adodb.**',
      'COM.access.**',
      '{pandas,polars}.{read_sql,read_sql_query,read_sql_table,read_database}',
      '{pandas,polars}.**.to_sql',
    ],
  },
  {
    id: 'deserialise',
    modules: 'pickle cPickle dill marshal shelve cloudpickle jsonpickle _pickle'.split(' '),
    calls: ['yaml.{load,unsafe_load,full_load}', 'pandas.read_pickle', 'torch.load', 'joblib.load'],
    accepts: (call) => call.name !== 'yaml.load' || !/Safe/.test(argumentOf(call, 1, 'Loader')?.ref ?? ''),
  },
  {
    id: 'crypto',
    modules:
      'cryptography Crypto Cryptodome nacl rsa pgpy gnupg pyaes simplecrypt onetimepad pyAesCrypt M2Crypto tink ecdsa fernet jwcrypto pycryptodome'.split(
        ' ',
      ),
  },
];
