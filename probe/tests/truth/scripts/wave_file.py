import wave

with wave.open("sound.wav", "wb") as sound:
    sound.setnchannels(1)
    sound.setsampwidth(2)
    sound.setframerate(8000)
    sound.writeframes(bytes(1000))
with wave.open("sound.wav") as sound:
    print(sound.getnframes())
