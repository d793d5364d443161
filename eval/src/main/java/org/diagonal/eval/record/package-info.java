/** Result files as records: one file, one record, read strictly. */
package org.diagonal.eval.record;
