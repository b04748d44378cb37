// Original file: proto/loom/v1/loom.proto


export interface GetHealthRequest {
}

export interface GetHealthRequest__Output {
}
