/** What measurements share: the model that was measured, and numbers that are not finite. */
package org.diagonal.eval.measure;
