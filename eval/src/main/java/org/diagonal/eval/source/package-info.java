/** Names to models and texts, and the workplace of a job. */
package org.diagonal.eval.source;
