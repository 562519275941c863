using System.Globalization;

namespace Serverless.Tokenizers.Patterns;

/// <summary>The properties that \p{..} may name: general categories, and the scripts that splitting patterns use.</summary>
internal static class UnicodeProperties
{
    private static readonly string[] Categories =
    [
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "Mn",
        "Mc",
        "Me",
        "Nd",
        "Nl",
        "No",
        "Zs",
        "Zl",
        "Zp",
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Cn", // in the order of UnicodeCategory
    ];

    public static Func<int, bool>? Find(string name)
    {
        uint mask = 0;
        for (int i = 0; i < Categories.Length; i++)
        {
            if (Categories[i] == name || (name.Length == 1 && Categories[i][0] == name[0]))
            {
                mask |= 1u << i;
            }
        }
        return mask == 0 ? FindScript(name) : rune => (mask >> (int)CharUnicodeInfo.GetUnicodeCategory(rune) & 1) != 0;
    }

    // Scripts.txt of Unicode 15.
    private static Func<int, bool>? FindScript(string name) =>
        name switch
        {
            "Han" => rune =>
                rune
                    is (>= 0x2E80 and <= 0x2E99)
                        or (>= 0x2E9B and <= 0x2EF3)
                        or (>= 0x2F00 and <= 0x2FD5)
                        or 0x3005
                        or 0x3007
                        or (>= 0x3021 and <= 0x3029)
                        or (>= 0x3038 and <= 0x303B)
                        or (>= 0x3400 and <= 0x4DBF)
                        or (>= 0x4E00 and <= 0x9FFF)
                        or (>= 0xF900 and <= 0xFA6D)
                        or (>= 0xFA70 and <= 0xFAD9)
                        or (>= 0x16FE2 and <= 0x16FE3)
                        or (>= 0x16FF0 and <= 0x16FF1)
                        or (>= 0x20000 and <= 0x2A6DF)
                        or (>= 0x2A700 and <= 0x2B739)
                        or (>= 0x2B740 and <= 0x2B81D)
                        or (>= 0x2B820 and <= 0x2CEA1)
                        or (>= 0x2CEB0 and <= 0x2EBE0)
                        or (>= 0x2F800 and <= 0x2FA1D)
                        or (>= 0x30000 and <= 0x3134A)
                        or (>= 0x31350 and <= 0x323AF),
            _ => null,
        };
}
