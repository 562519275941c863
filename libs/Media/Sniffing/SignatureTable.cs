namespace Serverless.Media.Sniffing;

/// <summary>File types that a fixed signature decides. Sources: the WHATWG MIME Sniffing Standard, the formats' specifications and
/// the list of the file(1) database.</summary>
internal static class SignatureTable
{
    private static readonly Signature[] Signatures =
    [
        Image("image/jpeg", [0xFF, 0xD8, 0xFF]),
        Image("image/png", [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]),
        Image("image/gif", "GIF87a"u8),
        Image("image/gif", "GIF89a"u8),
        Refused("image/x-canon-cr2", "a Canon raw photo", "CR\u0002\0"u8, 8),
        Image("image/tiff", "II*\0"u8),
        Image("image/tiff", "MM\0*"u8),
        Image("image/tiff", "II+\0\u0008\0"u8), // BigTIFF
        Image("image/tiff", "MM\0+\0\u0008"u8),
        Refused("application/gzip", "a gzip archive", [0x1F, 0x8B]),
        Refused("application/x-bzip2", "a bzip2 archive", "1AY&SY"u8, 4),
        Refused("application/x-xz", "an xz archive", [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]),
        Refused("application/zstd", "a Zstandard archive", [0x28, 0xB5, 0x2F, 0xFD]),
        Refused("application/x-lz4", "an LZ4 archive", [0x04, 0x22, 0x4D, 0x18]),
        Refused("application/x-7z-compressed", "a 7-Zip archive", [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C]),
        Refused("application/vnd.rar", "a RAR archive", [0x52, 0x61, 0x72, 0x21, 0x1A, 0x07]),
        Refused("application/vnd.ms-cab-compressed", "a cabinet archive", "MSCF\0\0\0\0"u8),
        Refused("application/x-tar", "a tar archive", "ustar"u8, 257),
        Refused("application/pdf", "a PDF document", "%PDF-"u8),
        Refused("application/postscript", "a PostScript document", "%!PS"u8),
        Refused("application/rtf", "an RTF document", "{\\rtf"u8),
        Refused("application/x-ole-storage", "a legacy Office document", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]),
        Refused("image/vnd.djvu", "a DjVu document", "AT&TFORM"u8),
        Refused("application/x-elf", "an ELF program", [0x7F, 0x45, 0x4C, 0x46]),
        Refused("application/x-mach-binary", "a Mach-O program", [0xCF, 0xFA, 0xED, 0xFE]),
        Refused("application/java-vm", "a Java class or Mach-O program", [0xCA, 0xFE, 0xBA, 0xBE]),
        Refused("application/wasm", "a WebAssembly module", "\0asm"u8),
        Refused("application/vnd.microsoft.portable-executable", "a Windows program", [0x4D, 0x5A, 0x90, 0x00]),
        Refused("application/vnd.sqlite3", "an SQLite database", "SQLite format 3\0"u8),
        Refused("application/vnd.apache.parquet", "a Parquet file", "PAR1\u0015"u8),
        Refused("application/x-hdf5", "an HDF5 file", [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]),
        Refused("application/x-npy", "a NumPy array", [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]),
        Refused("audio/mpeg", "MP3 audio", "ID3\u0002"u8),
        Refused("audio/mpeg", "MP3 audio", "ID3\u0003"u8),
        Refused("audio/mpeg", "MP3 audio", "ID3\u0004"u8),
        Refused("audio/mpeg", "MP3 audio", [0xFF, 0xFB]),
        Refused("audio/aac", "AAC audio", [0xFF, 0xF1]),
        Refused("audio/flac", "FLAC audio", "fLaC"u8),
        Refused("audio/midi", "MIDI music", "MThd\0\0"u8),
        Refused("application/ogg", "an Ogg file", "OggS\0"u8),
        Refused("video/x-flv", "a Flash video", "FLV\u0001"u8),
        Refused("video/mpeg", "an MPEG program stream", [0x00, 0x00, 0x01, 0xBA]),
        Refused("video/mpeg", "an MPEG video stream", [0x00, 0x00, 0x01, 0xB3]),
        Refused("video/x-ms-asf", "a Windows Media file", [0x30, 0x26, 0xB2, 0x75, 0x8E, 0x66, 0xCF, 0x11]),
        Refused("application/vnd.rn-realmedia", "a RealMedia file", ".RMF\0\0"u8),
        Refused("image/vnd.adobe.photoshop", "a Photoshop image", "8BPS\0"u8),
        Refused("image/jp2", "a JPEG 2000 image", [0x00, 0x00, 0x00, 0x0C, 0x6A, 0x50, 0x20, 0x20]),
        Refused("image/jp2", "a JPEG 2000 image", [0xFF, 0x4F, 0xFF, 0x51]),
        Refused("image/jxl", "a JPEG XL image", [0x00, 0x00, 0x00, 0x0C, 0x4A, 0x58, 0x4C, 0x20]),
        Refused("image/jxl", "a JPEG XL image", [0xFF, 0x0A]),
        Refused("image/x-exr", "an OpenEXR image", [0x76, 0x2F, 0x31, 0x01]),
        Refused("image/vnd.radiance", "a Radiance image", "#?RADIANCE"u8),
        Refused("image/vnd.ms-dds", "a DirectDraw surface", "DDS |\0\0\0"u8),
        Refused("image/vnd.microsoft.icon", "a Windows icon", [0x00, 0x00, 0x01, 0x00]),
        Refused("image/fits", "a FITS image", "SIMPLE  ="u8),
        Refused("application/dicom", "a DICOM image", "DICM"u8, 128),
        Refused("font/woff", "a web font", "wOFF"u8),
        Refused("font/woff2", "a web font", "wOF2"u8),
        Refused("font/otf", "an OpenType font", "OTTO\0"u8),
        Refused("font/ttf", "a TrueType font", [0x00, 0x01, 0x00, 0x00, 0x00]),
    ];

    public static MediaVerdict? Match(ReadOnlySpan<byte> head)
    {
        foreach (Signature signature in Signatures)
        {
            if (signature.IsIn(head))
            {
                return signature.Verdict;
            }
        }

        return null;
    }

    private static Signature Image(string mediaType, ReadOnlySpan<byte> magic) =>
        new(0, magic.ToArray(), MediaVerdict.Accept(MediaKind.Image, mediaType));

    private static Signature Refused(string mediaType, string found, ReadOnlySpan<byte> magic, int offset = 0) =>
        new(offset, magic.ToArray(), MediaVerdict.Refuse(mediaType, found));
}
