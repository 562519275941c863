"""The texts of samples/media that a script writes: the long one, and one in UTF-16. The others are written by hand and stand there as they are."""
import chronicle

LETTER = """Port Alder, 9 November 1911

Dear Margarethe,

You will have read in the papers that the steamer Concordia is lost. I write so that you hear the rest from me and not from the Karlsby Observer, which has put my name among the drowned.

We left Rotterdam on the third with a cargo of oak and machine parts for Falk Shipyards. Captain Niels Iversen did not like the sky, but the owners, Lindqvist Shipping, had promised delivery by the seventh, and so we sailed. On the second night the wind went round to the north-west. Off Cape Ferrin a wave took the wheelhouse and with it poor Samuel Steen, who was nineteen.

She went down in less than a quarter of an hour. Eleven of us reached the boat; two more were pulled from the water by fishermen of Ostmere, who rowed out although nobody could have blamed them for staying at home. I shall never forget the face of the old man at the oar, whose name is Oscar Thorsen, and who would not take so much as a cup of rum for it.

They have put us up in the school. Doctor Laura Nordahl says that my hand will heal. The inquiry opens on Monday in the town hall, and I am to speak. I intend to say what the captain wrote in the log: that the hatches were bad when we left, and that the company knew.

Keep the enclosed photograph of the Concordia. It is the only one, and the Maritime Museum in Copenhagen has already asked.

Your brother,
Theodor Winther
"""


def write(folder):
    with open(f"{folder}/letter-from-1911.txt", "w", encoding="utf-16", newline="\r\n") as file:  # little-endian with its mark
        file.write(LETTER)
    with open(f"{folder}/chronicle-of-port-alder.txt", "w", encoding="utf-8", newline="\n") as file:
        file.write(chronicle.write())
