/**
 * One training of a network on a template task: its configuration, its file, its network, and
 * batches of them.
 */
package org.diagonal.eval.trial;
