using System.Text;
using Serverless.Tokenizers.Patterns;

namespace Serverless.Tokenizers.Text;

/// <summary>
/// A stretch of the input while normalizers rewrite it, with the range of the input that each UTF-16 unit came from. Text of which
/// only single units were exchanged for single units (all of ASCII, mostly) carries no such table. Reused; one thread at a time.
/// </summary>
internal sealed class MappedText
{
    private char[] _chars = new char[256];
    private char[] _nextChars = [];
    private TextSpan[] _sources = [];
    private TextSpan[] _nextSources = [];
    private int _length;
    private int _origin;
    private bool _isMapped;
    private int _read;
    private int _written;

    public ReadOnlySpan<char> Text => _chars.AsSpan(0, _length);

    /// <summary>For exchanging units one for one; sources stay as they are.</summary>
    public Span<char> Units => _chars.AsSpan(0, _length);

    public int Length => _length;

    public ReorderBuffer Reorder { get; } = new();

    public MatchStack Matching { get; } = new();

    /// <summary>Lone surrogates become U+FFFD, as in any conversion to UTF-8: models are trained on well-formed text.</summary>
    public void Load(ReadOnlySpan<char> input, int origin)
    {
        Buffers.Grow(ref _chars, input.Length);
        input.CopyTo(_chars);
        _length = input.Length;
        _origin = origin;
        _isMapped = false;
        Surrogates.ReplaceLone(_chars.AsSpan(0, _length));
    }

    public TextSpan SourceOf(int unit) => _isMapped ? _sources[unit] : new(_origin + unit, _origin + unit + 1);

    /// <summary>The input behind the units [start, end), which must not be empty.</summary>
    public TextSpan SourceOf(int start, int end) =>
        _isMapped ? new(_sources[start].Start, _sources[end - 1].End) : new(_origin + start, _origin + end);

    /// <summary>
    /// Starts to write the text anew, reading it from the beginning; each unit is copied, replaced, skipped or inserted, then
    /// <see cref="EndRewrite"/>.
    /// </summary>
    public void BeginRewrite()
    {
        _read = 0;
        _written = 0;
    }

    public int ReadPosition => _read;

    public int WritePosition => _written;

    public void EndRewrite()
    {
        Copy(_length - _read);
        (_chars, _nextChars) = (_nextChars, _chars);
        (_sources, _nextSources) = (_nextSources, _sources);
        _length = _written;
        _isMapped = true;
    }

    public void Copy(int units)
    {
        Reserve(units);
        _chars.AsSpan(_read, units).CopyTo(_nextChars.AsSpan(_written));
        Span<TextSpan> target = _nextSources.AsSpan(_written, units);
        if (_isMapped)
        {
            _sources.AsSpan(_read, units).CopyTo(target);
        }
        else
        {
            WriteIdentity(target, _origin + _read);
        }
        _read += units;
        _written += units;
    }

    private void WriteIdentity(Span<TextSpan> target, int first)
    {
        ReadOnlySpan<char> source = _chars.AsSpan(_read, target.Length);
        for (int i = 0; i < target.Length; i++)
        {
            // Both halves of a pair stand for the whole of it.
            int start = char.IsLowSurrogate(source[i]) && i > 0 ? i - 1 : i;
            int end = char.IsHighSurrogate(source[i]) && i + 1 < target.Length ? i + 2 : i + 1;
            target[i] = new(first + start, first + end);
        }
    }

    /// <summary>Writes <paramref name="rune"/> in place of the next rune.</summary>
    public void Replace(Rune rune)
    {
        TextSpan source = NextSource();
        _read += RuneLengthAt(_read);
        Write(rune, source);
    }

    /// <summary>As <see cref="Replace"/>, where the next rune is one unit and its replacement is too.</summary>
    public void ReplaceUnit(char unit)
    {
        Reserve(1);
        _nextChars[_written] = unit;
        _nextSources[_written++] = SourceOf(_read++);
    }

    public void Skip(int units) => _read += units;

    public void SkipRune() => _read += RuneLengthAt(_read);

    /// <summary>Writes a rune that stands for the input of the rune just read.</summary>
    public void InsertAfter(Rune rune) => Write(rune, PreviousSource());

    /// <summary>Writes a rune that stands for the input of the rune to be read next.</summary>
    public void InsertBefore(Rune rune) => Write(rune, _read < _length ? NextSource() : PreviousSource());

    /// <summary>
    /// One step of a rewriting as the reference library counts it: change &gt; 0 inserts, 0 replaces one rune, -n replaces one and
    /// drops the n that follow.
    /// </summary>
    public void Emit(Rune rune, int change)
    {
        if (change > 0 || _read >= _length)
        {
            InsertAfter(rune);
            return;
        }
        Replace(rune);
        for (; change < 0 && _read < _length; change++)
        {
            SkipRune();
        }
    }

    private void Write(Rune rune, TextSpan source)
    {
        Reserve(2);
        int units = rune.EncodeToUtf16(_nextChars.AsSpan(_written));
        _nextSources.AsSpan(_written, units).Fill(source);
        _written += units;
    }

    private TextSpan NextSource() => SourceOf(_read, _read + RuneLengthAt(_read));

    private TextSpan PreviousSource()
    {
        if (_read == 0)
        {
            return new(_origin, _origin);
        }
        int start = _read >= 2 && char.IsSurrogatePair(_chars[_read - 2], _chars[_read - 1]) ? _read - 2 : _read - 1;
        return SourceOf(start, _read);
    }

    private int RuneLengthAt(int index) => index + 1 < _length && char.IsSurrogatePair(_chars[index], _chars[index + 1]) ? 2 : 1;

    private void Reserve(int units)
    {
        Buffers.Grow(ref _nextChars, _written + units);
        Buffers.Grow(ref _nextSources, _written + units);
    }

    /// <summary>Gives back what a very long text had grown, so that a pooled instance stays small.</summary>
    public void Trim(int maxUnits)
    {
        _length = 0;
        Buffers.Trim(ref _chars, maxUnits);
        Buffers.Trim(ref _nextChars, maxUnits);
        Buffers.Trim(ref _sources, maxUnits);
        Buffers.Trim(ref _nextSources, maxUnits);
        Reorder.Trim(maxUnits);
    }
}
