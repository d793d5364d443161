/** Rows of files: text, JSON, tables and parquet, packed or not. */
package org.diagonal.wikitext.rows;
