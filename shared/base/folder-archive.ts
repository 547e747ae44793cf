/**
 * A folder is evidence as the tar archive of its files. Begins the pax comment
 * of an entry whose content was not taken, before the reason.
 */
export const LEFT_OUT = "left out: ";
