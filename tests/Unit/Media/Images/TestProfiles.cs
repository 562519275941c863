using System.Buffers.Binary;
using NetVips;
using Serverless.Media.Images;

namespace Serverless.Unit.Media.Images;

/// <summary>
/// Small ICC profiles (ICC.1:2001-04): three primaries, or none for grey, and one gamma. Primaries as seen under D50, from B. Lindbloom,
/// "RGB Working Space Information".
/// </summary>
internal static class TestProfiles
{
    public static byte[] AdobeRgb { get; } =
        Create(2.19921875, [0.60974, 0.31111, 0.01947, 0.20528, 0.62567, 0.06087, 0.14919, 0.06322, 0.74457]);

    public static byte[] ProPhoto { get; } = Create(1.8, [0.7976749, 0.2880402, 0, 0.1351917, 0.7118741, 0, 0.0313534, 0.0000857, 0.82521]);

    public static byte[] LinearGrey { get; } = Create(1, []);

    /// <summary>The one that libvips brings along.</summary>
    public static byte[] DisplayP3 { get; } = FromVips("p3");

    private static byte[] FromVips(string name)
    {
        _ = new ImageReader(new ImageOptions()); // starts libvips
        using Image black = Image.Black(1, 1, bands: 3);
        using Image srgb = black.Copy(interpretation: Enums.Interpretation.Srgb);
        using Image converted = srgb.IccTransform(name, inputProfile: "srgb");
        return (byte[])converted.Get("icc-profile-data");
    }

    private static byte[] Create(double gamma, double[] primaries)
    {
        (string Name, byte[] Data)[] tags =
            primaries.Length == 0
                ? [("wtpt", Xyz(0.9642, 1, 0.8249)), ("kTRC", Curve(gamma))]
                :
                [
                    ("wtpt", Xyz(0.9642, 1, 0.8249)),
                    ("rXYZ", Xyz(primaries[0], primaries[1], primaries[2])),
                    ("gXYZ", Xyz(primaries[3], primaries[4], primaries[5])),
                    ("bXYZ", Xyz(primaries[6], primaries[7], primaries[8])),
                    ("rTRC", Curve(gamma)),
                    ("gTRC", Curve(gamma)),
                    ("bTRC", Curve(gamma)),
                ];
        int offset = 128 + 4 + 12 * tags.Length;
        byte[] profile = new byte[offset + tags.Sum(tag => tag.Data.Length)];
        Put(profile, 0, profile.Length);
        Put(profile, 8, 0x02400000);
        "mntr"u8.CopyTo(profile.AsSpan(12));
        (primaries.Length == 0 ? "GRAY"u8 : "RGB "u8).CopyTo(profile.AsSpan(16));
        "XYZ "u8.CopyTo(profile.AsSpan(20));
        "acsp"u8.CopyTo(profile.AsSpan(36));
        Xyz(0.9642, 1, 0.8249).AsSpan(8).CopyTo(profile.AsSpan(68));
        Put(profile, 128, tags.Length);
        for (int i = 0; i < tags.Length; i++)
        {
            int entry = 132 + 12 * i;
            System.Text.Encoding.ASCII.GetBytes(tags[i].Name, profile.AsSpan(entry));
            Put(profile, entry + 4, offset);
            Put(profile, entry + 8, tags[i].Data.Length);
            tags[i].Data.CopyTo(profile, offset);
            offset += tags[i].Data.Length;
        }
        return profile;
    }

    private static byte[] Xyz(double x, double y, double z)
    {
        byte[] data = new byte[20];
        "XYZ "u8.CopyTo(data);
        Put(data, 8, (int)Math.Round(x * 65536));
        Put(data, 12, (int)Math.Round(y * 65536));
        Put(data, 16, (int)Math.Round(z * 65536));
        return data;
    }

    private static byte[] Curve(double gamma)
    {
        byte[] data = new byte[16];
        "curv"u8.CopyTo(data);
        Put(data, 8, 1);
        BinaryPrimitives.WriteUInt16BigEndian(data.AsSpan(12), (ushort)Math.Round(gamma * 256));
        return data;
    }

    private static void Put(byte[] data, int at, int value) => BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(at), value);
}
