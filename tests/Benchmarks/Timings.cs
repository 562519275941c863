namespace Serverless.Benchmarks;

/// <summary>Times of one kind, in milliseconds.</summary>
internal sealed class Timings
{
    private readonly List<double> _milliseconds = [];

    public int Count => _milliseconds.Count;

    public IEnumerable<double> All => _milliseconds;

    public double Median => At(0.5);

    public double Mean => _milliseconds.Average();

    public void Add(double milliseconds) => _milliseconds.Add(milliseconds);

    public void Add(TimeSpan time) => Add(time.TotalMilliseconds);

    public void AddRange(IEnumerable<double> milliseconds) => _milliseconds.AddRange(milliseconds);

    /// <summary>The time that this share of all is not above.</summary>
    public double At(double share) => _milliseconds.Order().ElementAt((int)Math.Min(_milliseconds.Count - 1, _milliseconds.Count * share));
}
