// gc takes functions without a body only beside assembly.
