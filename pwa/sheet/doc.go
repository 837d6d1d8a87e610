// Package sheet reads and writes tables as spreadsheets exchange them.
//
//	data, err := sheet.Write([]string{"Name", "Number"}, len(rows), func(i int) []string { return rows[i] })
//
// Write guards cells that a spreadsheet would run as formulas. For reading, Decode makes text of the encodings that
// spreadsheets write, Delimiter finds what separates the cells, and Cells takes the guard away again.
package sheet
