package main

import (
	"encoding/json"
	"log"
	"os"
)

func printJSON(value map[string]any) {
	if err := json.NewEncoder(os.Stdout).Encode(value); err != nil {
		log.Print(err)
	}
}
