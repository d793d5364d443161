/** Templates, wildcards, substitution and matching, as in sections 3 and 4 of the paper. */
package org.diagonal.templates.template;
