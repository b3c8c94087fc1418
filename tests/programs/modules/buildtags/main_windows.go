package main

this is not Go
