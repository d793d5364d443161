/**
 * Measures a model without some of its scalings: the job, the record that is ablate.json, its page.
 */
package org.diagonal.eval.ablate;
