import subprocess
try: subprocess.run(['/no/such/program'])
except FileNotFoundError as e: print(e)
try: subprocess.run(['false'], check=True)
except subprocess.CalledProcessError as e: print(e)
try: subprocess.run(['sleep', '5'], timeout=0.05)
except subprocess.TimeoutExpired as e: print('timeout')
subprocess.Popen(['/no/such/program'])
