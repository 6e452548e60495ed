// Package loop is the window's side of the autonomous loop: the Agent panel,
// the infinite map, and the rows that the sidebar and the status line have of
// them. What is shown is the model's (see gvpie/app/studio); what the panels need
// of the window they stand in is handed to them as a [Window].
//
// Nothing here reads the database or waits for anything: a row that has not been
// read yet is drawn as a bar and asked for.
//
// Start reading at [Panel] and [Map].
package loop
