package main

import "google.golang.org/protobuf/encoding/protowire"

func text(b []byte, field protowire.Number, value string) []byte {
	b = protowire.AppendTag(b, field, protowire.BytesType)
	return protowire.AppendString(b, value)
}

func number(b []byte, field protowire.Number, value uint64) []byte {
	b = protowire.AppendTag(b, field, protowire.VarintType)
	return protowire.AppendVarint(b, value)
}

func answerBytes() []byte {
	cost := number(nil, 1, 150)
	cost = number(cost, 2, 50)
	cost = number(cost, 3, 100)
	wrapped := protowire.AppendTag(nil, 2, protowire.BytesType)
	wrapped = protowire.AppendBytes(wrapped, cost)
	b := text(nil, 1, "an answer of a few words")
	b = text(b, 3, "sess_00000001")
	b = protowire.AppendTag(b, 5, protowire.BytesType)
	return protowire.AppendBytes(b, wrapped)
}

func progressBytes(messages int) [][]byte {
	const generation, completed = 3, 7
	out := make([][]byte, 0, messages)
	content := ""
	for i := 1; i < messages; i++ {
		content += "ten chars "
		b := number(nil, 1, generation)
		b = number(b, 2, 50)
		b = text(b, 8, content)
		b = number(b, 9, 1)
		out = append(out, number(b, 10, uint64(i)))
	}
	b := number(nil, 1, completed)
	b = number(b, 2, 100)
	return append(out, text(b, 8, content))
}
