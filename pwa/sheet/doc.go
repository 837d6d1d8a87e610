// Package sheet reads and writes tables as spreadsheets exchange them.
//
//	r, err := sheet.NewReader(file, nil)
//	row, line, err := r.Next() // until io.EOF
//	data, err := sheet.Write([]string{"Name", "Number"}, len(rows), func(i int) []string { return rows[i] })
//
// A Reader takes CSV in the encodings and with the delimiters that spreadsheets use, and an Error names the line of a file
// that is none. Write guards cells that a spreadsheet would run as formulas; a Reader takes the guard away again.
//
// Limits: rows up to MaxRow bytes; of longer cells and of more columns than anybody has the rest is left out.
package sheet
