import unittest, sys
class T(unittest.TestCase):
    def test_a(self): open(__file__).close()
    def test_b(self): self.assertEqual(1, 2)
r = unittest.TextTestRunner(stream=open('/dev/null', 'w')).run(unittest.defaultTestLoader.loadTestsFromTestCase(T))
print(r, r.failures[0][1])
