/** Networks on template tasks: settings, hashes, examples. */
package org.diagonal.eval.task;
