module gvpie

go 1.26
