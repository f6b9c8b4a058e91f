import os, random, socket, threading
a, b = socket.socket(), socket.socket(); a.bind(("127.0.0.1", 0)); a.listen()
random.seed(5)
for number in range(30):
    c = socket.create_connection(a.getsockname()); s = a.accept()[0]
    data = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(random.randrange(256) for i in range(3000))
    if number % 3 == 1: data = data[:24] + b"\0\0\x05\x01\x05\0\0\0\1\x82\x86\x84\xff\xff" + data[24:]
    if number % 3 == 2: data = data[:24] + b"".join(b"\0\0\x02" + bytes([random.randrange(10), random.randrange(256)]) + b"\0\0\0\1" + os.urandom(2) for i in range(100))
    t = threading.Thread(target=c.sendall, args=(data,)); t.start()
    got = b""
    while len(got) < len(data): got += s.recv(700)
    t.join(); s.sendall(got[::-1]); back = b""
    while len(back) < len(data): back += c.recv(999)
    print(number, got == data, back == data[::-1]); c.close(); s.close()
