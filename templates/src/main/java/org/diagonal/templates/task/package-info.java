/** Template tasks: templates with labels and probabilities, and the files that hold them. */
package org.diagonal.templates.task;
