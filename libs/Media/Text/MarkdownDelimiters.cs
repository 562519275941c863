using System.Runtime.InteropServices;

namespace Serverless.Media.Text;

/// <summary>
/// Pairs the runs of *, _ and ~~ of a paragraph (CommonMark 0.31.2 §6.2, GFM §6.5). Unlike there, runs of different marks may overlap,
/// which changes no text; a run that has no partner stays text. Each run is opened and closed once, so pairing is linear.
/// </summary>
internal sealed class MarkdownDelimiters(string original, List<MarkdownMark> marks)
{
    private readonly Stack<(int Mark, int Left)> _stars = [],
        _underscores = [],
        _tildes = [];

    public void Clear()
    {
        _stars.Clear();
        _underscores.Clear();
        _tildes.Clear();
    }

    public void Add(int at, int run, int end)
    {
        char mark = original[at];
        if (mark == '~' && run != 2)
        {
            return;
        }

        (bool opens, bool closes) = Sides(at, run, end);
        Stack<(int Mark, int Left)> open =
            mark == '*' ? _stars
            : mark == '_' ? _underscores
            : _tildes;
        int self = marks.Count,
            left = run;
        marks.Add(new MarkdownMark(at, 0, MarkdownMarkKind.Nothing));
        while (closes && left > 0 && open.TryPop(out (int Mark, int Left) opener))
        {
            int paired = Math.Min(left, opener.Left);
            Widen(opener.Mark, paired);
            Widen(self, paired);
            left -= paired;
            if (opener.Left > paired)
            {
                open.Push((opener.Mark, opener.Left - paired));
            }
        }
        if (opens && left > 0)
        {
            open.Push((self, left));
        }
    }

    private void Widen(int index, int by) => CollectionsMarshal.AsSpan(marks)[index].Length += by;

    private (bool Opens, bool Closes) Sides(int at, int run, int end)
    {
        char before = at > 0 ? original[at - 1] : ' ';
        char after = at + run < end ? original[at + run] : ' ';
        bool left = !char.IsWhiteSpace(after) && (!IsPunctuation(after) || char.IsWhiteSpace(before) || IsPunctuation(before));
        bool right = !char.IsWhiteSpace(before) && (!IsPunctuation(before) || char.IsWhiteSpace(after) || IsPunctuation(after));
        return original[at] switch
        {
            '_' => (left && (!right || IsPunctuation(before)), right && (!left || IsPunctuation(after))),
            '*' when char.IsDigit(before) && char.IsDigit(after) => (false, false), // "2*3*4" is a product
            _ => (left, right),
        };
    }

    private static bool IsPunctuation(char c) => char.IsPunctuation(c) || char.IsSymbol(c);
}
