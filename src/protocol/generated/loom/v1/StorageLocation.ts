// Original file: proto/loom/v1/loom.proto

export const StorageLocation = {
  STORAGE_LOCATION_UNSPECIFIED: 'STORAGE_LOCATION_UNSPECIFIED',
  STORAGE_LOCATION_MEMORY: 'STORAGE_LOCATION_MEMORY',
  STORAGE_LOCATION_DISK: 'STORAGE_LOCATION_DISK',
  STORAGE_LOCATION_DATABASE: 'STORAGE_LOCATION_DATABASE',
} as const;

export type StorageLocation =
  | 'STORAGE_LOCATION_UNSPECIFIED'
  | 0
  | 'STORAGE_LOCATION_MEMORY'
  | 1
  | 'STORAGE_LOCATION_DISK'
  | 2
  | 'STORAGE_LOCATION_DATABASE'
  | 3

export type StorageLocation__Output = typeof StorageLocation[keyof typeof StorageLocation]
