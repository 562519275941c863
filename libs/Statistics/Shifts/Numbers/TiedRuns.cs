namespace Serverless.Statistics.Shifts.Numbers;

/// <summary>
/// The distinct values of two samples in rising order, each with how many values of either sample lie below it and how many equal it.
/// </summary>
internal ref struct TiedRuns(SortedSample first, SortedSample second)
{
    private readonly ReadOnlySpan<double> _first = first.Values;
    private readonly ReadOnlySpan<double> _second = second.Values;

    public double Value { get; private set; }

    public (int First, int Second) Below { get; private set; }

    public (int First, int Second) UpTo { get; private set; }

    public bool MoveNext()
    {
        (int i, int j) = Below = UpTo;
        if (i == _first.Length && j == _second.Length)
        {
            return false;
        }
        Value = j == _second.Length || (i < _first.Length && _first[i] <= _second[j]) ? _first[i] : _second[j];
        while (i < _first.Length && _first[i] == Value)
        {
            i++;
        }
        while (j < _second.Length && _second[j] == Value)
        {
            j++;
        }
        UpTo = (i, j);
        return true;
    }
}
