using System.Text;
using Serverless.Tokenizers.Text;

namespace Serverless.Tokenizers.Normalizers;

/// <summary>NFC, NFD, NFKC or NFKD (UAX #15).</summary>
internal sealed class UnicodeNormalizer(NormalizationForm form) : INormalizer
{
    private const int MaxDecomposition = 18; // U+FDFA, the longest of all

    private readonly UnicodeData _data = UnicodeData.Instance;
    private readonly bool _compatible = form is NormalizationForm.FormKC or NormalizationForm.FormKD;
    private readonly bool _composes = form is NormalizationForm.FormC or NormalizationForm.FormKC;

    private NormalizationTraits Special =>
        NormalizationTraits.NonStarter
        | (_compatible ? NormalizationTraits.Compatible : NormalizationTraits.Canonical)
        | (_composes ? NormalizationTraits.ComposesBackwards : 0);

    public bool IsLocal => true;

    public void Normalize(MappedText text)
    {
        int start = FindSpecial(text.Text, 0);
        if (start < 0)
        {
            return;
        }
        text.BeginRewrite();
        while (start >= 0)
        {
            // A plain starter before may yet take a mark.
            int first = _composes && start > text.ReadPosition ? start - 1 : start;
            int end = FindPlain(text.Text, start);
            text.Copy(first - text.ReadPosition);
            RewriteRun(text, end);
            start = FindSpecial(text.Text, end);
        }
        text.EndRewrite();
    }

    private int FindSpecial(ReadOnlySpan<char> text, int from)
    {
        NormalizationTraits special = Special;
        for (int i = from; i < text.Length; i++)
        {
            int ascii = text[i..].IndexOfAnyExceptInRange('\0', '\x7F');
            if (ascii < 0)
            {
                return -1;
            }
            i += ascii;
            if ((_data.TraitsOf(text[i]) & special) != 0)
            {
                return i;
            }
        }
        return -1;
    }

    private int FindPlain(ReadOnlySpan<char> text, int from)
    {
        NormalizationTraits special = Special;
        int i = from;
        while (i < text.Length && (_data.TraitsOf(text[i]) & special) != 0)
        {
            i++;
        }
        return i;
    }

    private void RewriteRun(MappedText text, int end)
    {
        ReorderBuffer buffer = text.Reorder;
        buffer.Clear();
        Span<Rune> parts = stackalloc Rune[MaxDecomposition];
        ReadOnlySpan<char> source = text.Text;
        int i = text.ReadPosition;
        while (i < end)
        {
            Rune.DecodeFromUtf16(source[i..], out Rune rune, out int units);
            i += units;
            int count = _data.Decompose(rune, _compatible, parts);
            if (count == 0)
            {
                parts[count++] = rune;
            }
            for (int part = 0; part < count; part++)
            {
                buffer.Add(parts[part], _data.CombiningClassOf(parts[part]), part == 0 ? 0 : 1);
            }
        }
        buffer.Sort();
        if (_composes)
        {
            Compose(buffer, text);
        }
        else
        {
            foreach (ReorderBuffer.Entry entry in buffer.Entries)
            {
                text.Emit(entry.Rune, entry.Change);
            }
        }
    }

    /// <summary>Canonical composition (UAX #15, D117), in place at the front of the buffer and then written.</summary>
    private void Compose(ReorderBuffer buffer, MappedText text)
    {
        Span<ReorderBuffer.Entry> entries = buffer.Entries;
        int starter = -1,
            kept = 0,
            lastClass = -1;
        foreach (ReorderBuffer.Entry entry in entries)
        {
            bool isReached = starter >= 0 && lastClass < entry.CombiningClass;
            if (isReached && _data.TryCompose(entries[starter].Rune, entry.Rune, out Rune composed))
            {
                ref ReorderBuffer.Entry target = ref entries[starter];
                target = target with { Rune = composed, Change = target.Change + entry.Change - 1 };
                continue;
            }
            if (entry.CombiningClass == 0)
            {
                starter = kept;
                lastClass = -1;
            }
            else
            {
                lastClass = entry.CombiningClass;
            }
            entries[kept++] = entry;
        }
        foreach (ReorderBuffer.Entry entry in entries[..kept])
        {
            text.Emit(entry.Rune, entry.Change);
        }
    }
}
