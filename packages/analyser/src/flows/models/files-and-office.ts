import type { ModelRows } from './model-rows.ts';

const SHEET = 'spreadsheet';

/** Files, spreadsheets, data frames, documents and archives. Source: the libraries' documentation. */
export const filesAndOfficeModels: ModelRows = [
  // data frames
  [
    '{pandas,polars,dask.dataframe,geopandas}.{read_excel,ExcelFile}',
    { source: SHEET, detail: [0, 'io'], returns: 'pandas.DataFrame' },
  ],
  [
    '{pandas,polars,dask.dataframe,geopandas}.{read_csv,read_table,read_fwf}',
    { source: 'csv', detail: [0, 'filepath_or_buffer'], returns: 'pandas.DataFrame' },
  ],
  [
    '{pandas,polars,dask.dataframe,geopandas}.{read_json,read_parquet,read_feather,read_pickle,read_hdf,read_xml,read_html,read_orc,read_sas,read_spss,read_stata,scan_csv,scan_parquet,read_file}',
    { source: 'files.read', detail: [0, 'path'], returns: 'pandas.DataFrame' },
  ],
  [
    '{pandas,polars}.{read_sql,read_sql_query,read_sql_table,read_database,read_gbq}',
    { source: 'db', detail: [0, 'sql'], returns: 'pandas.DataFrame' },
  ],
  ['pandas.read_clipboard', { source: 'clipboard', returns: 'pandas.DataFrame' }],
  ['{pandas,polars}.DataFrame', { returns: 'pandas.DataFrame' }],
  ['{pandas,polars,?}.**.{to_excel,write_excel}', { sink: SHEET, sendsReceiver: true, writes: [0, 'excel_writer'] }],
  [
    '{pandas,polars,?}.**.{to_csv,write_csv,to_json,to_parquet,write_parquet,to_pickle,to_feather,to_html,to_markdown,to_xml,to_hdf,to_stata,write_json}',
    { sink: 'files.write', sendsReceiver: true, writes: [0, 'path_or_buf'] },
  ],
  ['{pandas,polars,?}.**.{to_sql,write_database,to_gbq}', { sink: 'db', sendsReceiver: true, positions: [] }],
  ['{pandas,polars,?}.**.to_clipboard', { sink: 'clipboard', sendsReceiver: true }],
  ['{pandas,polars}.**.{to_string,to_dict,to_records,to_numpy,to_list,tolist}', {}],
  ['{pandas,polars}.ExcelWriter', { isCleaner: true }],
  // spreadsheets
  [
    '{openpyxl,xlrd,xlwings,pyxlsb,odf,ezodf,pyexcel,xlutils}.{load_workbook,open_workbook,open_xlsb,Book,get_records,get_array,get_sheet}',
    { source: SHEET, detail: [0, 'filename'] },
  ],
  ['{openpyxl.workbook,xlwings.books,xlwings.Book}.{open,caller}', { source: SHEET, detail: [0] }],
  ['xlwings.{sheets,Range}.**.{value,options}.@', { isPart: true }],
  [
    '{openpyxl,xlwt,xlsxwriter,xlutils,xlwings,pyexcel}.**.{cell,write,write_row,write_column,append,write_string,write_number,insert_image,add_image,merge_range,add_table,add_row}',
    { builds: true, isPart: true },
  ],
  [
    '{openpyxl,xlwt,xlutils,xlwings,odf,pyexcel}.**.{save,save_as,to_pdf}',
    { sink: SHEET, sendsReceiver: true, writes: [0, 'filename'] },
  ],
  ['xlsxwriter.Workbook', { returns: 'xlsxwriter.Workbook' }],
  ['xlsxwriter.**.close', { sink: SHEET, sendsReceiver: true }],
  ['{openpyxl,xlwt,xlsxwriter,xlutils,xlwings,xlrd}.**', { isPart: true }],
  ['gspread.**.{get_all_records,get_all_values,row_values,col_values,acell,get}', { source: 'cloud.google' }],
  [
    'gspread.**.{append_row,append_rows,update,update_cell,update_acell,insert_row,batch_update}',
    { sink: 'cloud.google' },
  ],
  [
    'COM.excel.**.{SaveAs,Save,SaveCopyAs,ExportAsFixedFormat}',
    { sink: SHEET, sendsReceiver: true, writes: [0, 'Filename'] },
  ],
  ['COM.excel.**.Open', { source: SHEET, detail: [0, 'Filename'], isPart: true }],
  ['COM.excel.**', { isPart: true }],
  [
    'COM.{word,powerpoint}.**.{SaveAs,SaveAs2,Save,ExportAsFixedFormat}',
    { sink: 'files.write', sendsReceiver: true, writes: [0, 'FileName'] },
  ],
  ['COM.{word,powerpoint}.**.Open', { source: 'files.read', detail: [0, 'FileName'], isPart: true }],
  ['COM.{word,powerpoint}.**', { builds: true, isPart: true }],
  // documents
  [
    '{PyPDF2,pypdf,PyPDF4,pdfplumber,fitz,pymupdf,pikepdf}.{PdfReader,PdfFileReader,open,Document,Pdf.open}',
    { source: 'document.pdf', detail: [0, 'stream'] },
  ],
  ['{tabula,camelot}.read_pdf', { source: 'document.pdf', detail: [0] }],
  ['tabula.convert_into', { source: 'document.pdf', sink: 'files.write', positions: [], reads: [0], writes: [1] }],
  ['pdfminer.**.{extract_text,get_pages,get_text,extract_pages}', { source: 'document.pdf', detail: [0] }],
  ['pdfminer.**.process_page', {}],
  ['{pdf2image,pytesseract}.**', {}],
  ['{PyPDF2,pypdf,PyPDF4,fitz,pikepdf}.**.{write,save}', { sink: 'files.write', sendsReceiver: true, writes: [0] }],
  [
    '{PyPDF2,pypdf,PyPDF4}.**.{addPage,add_page,append,merge,append_pages_from_reader,appendPagesFromReader,insert_page,clone_document_from_reader}',
    { builds: true },
  ],
  ['{fpdf,reportlab}.**.{output,save,build}', { sink: 'files.write', sendsReceiver: true, writes: [0, 'name'] }],
  ['{fpdf,reportlab}.**', { builds: true, isPart: false }],
  ['docx.Document', { source: 'files.read', detail: [0] }],
  ['pptx.Presentation', { source: 'files.read', detail: [0] }],
  ['{docx,pptx,docxtpl}.**.save', { sink: 'files.write', sendsReceiver: true, writes: [0] }],
  ['{docx,pptx,docxtpl}.**', { builds: true, isPart: true }],
  [
    '{PIL,qrcode,pyqrcode,cv2,matplotlib}.**.{save,png,svg,savefig}',
    { sink: 'files.write', sendsReceiver: true, positions: [], writes: [0, 'fp'] },
  ],
  ['cv2.imwrite', { sink: 'files.write', positions: [1], writes: [0] }],
  ['PIL.ImageGrab.{grab,grabclipboard}', { source: 'screenshot' }],
  [
    '{pyautogui,mss,pyscreenshot}.**.{screenshot,grab,shot}',
    { source: 'screenshot', sink: 'files.write', positions: [], writes: [0, 'imageFilename', 'output'] },
  ],
  ['PIL.Image.open', { source: 'files.read', detail: [0] }],
  ['qrcode.**.add_data', { builds: true }],
  ['qrcode.**', { isPart: true }],
  // standard library
  ['json.load', {}],
  ['{json,yaml,pickle,toml,tomllib,marshal,simplejson}.**', {}],
  ['csv.{reader,DictReader}', {}],
  [
    'shutil.{copy,copy2,copyfile,move,copytree}',
    { sink: 'files.write', positions: [], reads: [0, 'src'], writes: [1, 'dst'] },
  ],
  ['os.{path,stat}.**', { isCleaner: true }],
  ['os.path.{basename,dirname,split,splitext}', {}],
  ['os.{listdir,walk,scandir,getcwd}', { isCleaner: true }],
  ['glob.{glob,iglob}', { isCleaner: true }],
  ['numpy.{loadtxt,genfromtxt,load}', { source: 'files.read', detail: [0] }],
  ['numpy.{savetxt,save,savez}', { sink: 'files.write', positions: [1], writes: [0] }],
  ['zipfile.**.write', { sink: 'files.write', positions: [], keywords: [], reads: [0, 'filename'] }],
  ['zipfile.**.writestr', { sink: 'files.write', positions: [1], keywords: ['data'] }],
  ['tarfile.**.add', { sink: 'files.write', positions: [], reads: [0, 'name'] }],
  ['shutil.make_archive', { sink: 'files.write', positions: [], reads: [2, 'root_dir'], writes: [0] }],
  ['configparser.**', { isCleaner: true }],
  [
    '{logging,time,datetime,random,math,re,os,sys,uuid,argparse}.{getLogger,time,sleep,now,random,randint,getpid}',
    { isCleaner: true },
  ],
  ['logging.**', { isCleaner: true }],
  ['{argparse,optparse,click,getopt}.**', { isCleaner: true }],
];
