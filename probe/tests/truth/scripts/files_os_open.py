import os

descriptor = os.open("low.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
os.write(descriptor, b"low level")
os.close(descriptor)
descriptor = os.open("low.txt", os.O_RDONLY)
print(os.read(descriptor, 100))
os.close(descriptor)
os.close(os.open("low.txt", os.O_RDWR | os.O_APPEND))
