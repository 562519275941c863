namespace Serverless.Embedded.Runtime.Hosting;

/// <summary>The host cannot start. All problems are reported together, each naming the thing at fault.</summary>
internal sealed class HostStartException(IReadOnlyList<string> problems) : Exception(string.Join(Environment.NewLine, problems))
{
    public HostStartException(string problem)
        : this([problem])
    {
    }

    public IReadOnlyList<string> Problems { get; } = problems;

    public static void ThrowIfAny(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
            throw new HostStartException(problems);
    }
}
