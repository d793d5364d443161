/** Result files as records: one strict JSON mapper. */
package org.diagonal.eval.record;
