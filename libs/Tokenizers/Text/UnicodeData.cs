using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Serverless.Tokenizers.Text;

/// <summary>Decompositions, compositions and combining classes, read once from the table beside this file.</summary>
internal sealed class UnicodeData
{
    // Unicode 3.12: conjoining jamo behaviour.
    private const int HangulBase = 0xAC00,
        LeadBase = 0x1100,
        VowelBase = 0x1161,
        TrailBase = 0x11A7;
    private const int VowelCount = 21,
        TrailCount = 28,
        HangulCount = 19 * VowelCount * TrailCount;

    private static readonly Lazy<UnicodeData> Shared = new(() => new UnicodeData());

    private readonly FrozenDictionary<int, Rune[]> _canonical;
    private readonly FrozenDictionary<int, Rune[]> _compatible;
    private readonly FrozenDictionary<(int, int), int> _compositions;
    private readonly FrozenDictionary<int, byte> _classes;
    private readonly NormalizationTraits[] _unitTraits;

    private UnicodeData()
    {
        var canonical = new Dictionary<int, int[]>();
        var compatible = new Dictionary<int, int[]>();
        var compositions = new Dictionary<(int, int), int>();
        var classes = new Dictionary<int, byte>();
        using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("unicode-normalization.txt")
            ?? throw new InvalidOperationException(
                "The table unicode-normalization.txt is not in the assembly; report this as a build fault."
            );
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            ReadLine(line, canonical, compatible, compositions, classes);
        }
        _canonical = canonical.Keys.ToFrozenDictionary(rune => rune, rune => Expand(rune, canonical, null));
        _compatible = canonical.Keys.Concat(compatible.Keys).ToFrozenDictionary(rune => rune, rune => Expand(rune, canonical, compatible));
        _compositions = compositions.ToFrozenDictionary();
        _classes = classes.ToFrozenDictionary();
        HashSet<int> composingBackwards = [.. compositions.Keys.Select(pair => pair.Item2)];
        _unitTraits = new NormalizationTraits[char.MaxValue + 1];
        for (int i = 0; i < _unitTraits.Length; i++)
        {
            _unitTraits[i] = FindTraits(i, composingBackwards);
        }
    }

    public static UnicodeData Instance => Shared.Value;

    /// <summary>Why a unit may not simply be copied. Astral runes are all treated as special.</summary>
    public NormalizationTraits TraitsOf(char unit) => _unitTraits[unit];

    public byte CombiningClassOf(Rune rune) => _classes.GetValueOrDefault(rune.Value);

    public bool TryCompose(Rune first, Rune second, out Rune composed)
    {
        int value = ComposeHangul(first.Value, second.Value);
        if (value == 0)
        {
            value = _compositions.GetValueOrDefault((first.Value, second.Value));
        }
        composed = new Rune(value);
        return value != 0;
    }

    private static int ComposeHangul(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + 19 && second is >= VowelBase and < VowelBase + VowelCount)
        {
            return HangulBase + (((first - LeadBase) * VowelCount) + second - VowelBase) * TrailCount;
        }
        bool isOpenSyllable = first is >= HangulBase and < HangulBase + HangulCount && (first - HangulBase) % TrailCount == 0;
        return isOpenSyllable && second is > TrailBase and < TrailBase + TrailCount ? first + second - TrailBase : 0;
    }

    /// <summary>The full decomposition into <paramref name="target"/> (18 runes at most); 0 when the rune stands for itself.</summary>
    public int Decompose(Rune rune, bool compatible, Span<Rune> target)
    {
        if (rune.Value is >= HangulBase and < HangulBase + HangulCount)
        {
            return DecomposeHangul(rune.Value - HangulBase, target);
        }
        if (!(compatible ? _compatible : _canonical).TryGetValue(rune.Value, out Rune[]? found))
        {
            return 0;
        }
        found.CopyTo(target);
        return found.Length;
    }

    private static int DecomposeHangul(int syllable, Span<Rune> target)
    {
        target[0] = new Rune(LeadBase + (syllable / (VowelCount * TrailCount)));
        target[1] = new Rune(VowelBase + (syllable / TrailCount % VowelCount));
        if (syllable % TrailCount == 0)
        {
            return 2;
        }
        target[2] = new Rune(TrailBase + (syllable % TrailCount));
        return 3;
    }

    private NormalizationTraits FindTraits(int unit, HashSet<int> composingBackwards)
    {
        if (char.IsSurrogate((char)unit))
        {
            return NormalizationTraits.All;
        }
        var found = NormalizationTraits.None;
        if (_canonical.ContainsKey(unit) || unit is >= HangulBase and < HangulBase + HangulCount)
        {
            found |= NormalizationTraits.Canonical | NormalizationTraits.Compatible;
        }
        if (_compatible.ContainsKey(unit))
        {
            found |= NormalizationTraits.Compatible;
        }
        if (_classes.ContainsKey(unit))
        {
            found |= NormalizationTraits.NonStarter;
        }
        if (composingBackwards.Contains(unit) || unit is >= VowelBase and < TrailBase + TrailCount)
        {
            found |= NormalizationTraits.ComposesBackwards;
        }
        return found;
    }

    private static void ReadLine(
        string line,
        Dictionary<int, int[]> canonical,
        Dictionary<int, int[]> compatible,
        Dictionary<(int, int), int> compositions,
        Dictionary<int, byte> classes
    )
    {
        int at = line.AsSpan().IndexOfAny("=!~:");
        if (at < 0 || line[0] == '#')
        {
            return;
        }
        if (line[at] == ':')
        {
            int dash = line.IndexOf('-', StringComparison.Ordinal);
            byte value = byte.Parse(line.AsSpan(at + 1), CultureInfo.InvariantCulture);
            for (int rune = Hex(line.AsSpan(0, dash)); rune <= Hex(line.AsSpan(dash + 1, at - dash - 1)); rune++)
            {
                classes[rune] = value;
            }
            return;
        }
        int key = Hex(line.AsSpan(0, at));
        int[] parts = [.. line[(at + 1)..].Split(' ').Select(part => Hex(part))];
        (line[at] == '~' ? compatible : canonical)[key] = parts;
        if (line[at] == '=')
        {
            compositions[(parts[0], parts[1])] = key;
        }
    }

    private static int Hex(ReadOnlySpan<char> text) => int.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static Rune[] Expand(int rune, Dictionary<int, int[]> canonical, Dictionary<int, int[]>? compatible)
    {
        if (!canonical.TryGetValue(rune, out int[]? parts) && compatible?.TryGetValue(rune, out parts) != true)
        {
            return [new Rune(rune)];
        }
        return [.. parts!.SelectMany(part => Expand(part, canonical, compatible))];
    }
}

[Flags]
internal enum NormalizationTraits : byte
{
    None = 0,
    Canonical = 1,
    Compatible = 2,
    NonStarter = 4,
    ComposesBackwards = 8,
    All = 15,
}
