import type { ModelRows } from './model-rows.ts';

/** Properties that send data when they are set; `[]` is a subscript. Source: SAP GUI Scripting API, Office models. */
export const attributeModels: ModelRows = [
  ['**.findById.{text,Text,value,Value,key,Key}', { sink: 'gui.sap' }],
  ['**.FindById.{text,Text,value,Value,key,Key}', { sink: 'gui.sap' }],
  ['COM.excel.**.{Value,value,Formula,Value2}', { sink: 'spreadsheet' }],
  ['xlwings.**.{value,formula,formula2}', { sink: 'spreadsheet' }],
];
