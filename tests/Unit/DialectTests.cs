using System.Text.RegularExpressions;
using Xunit;

namespace Serverless.Unit;

/// <summary>What neither the compiler nor the formatter holds of the one dialect in which the sources are written.</summary>
public sealed partial class DialectTests
{
    private const int MaxColumns = 140;

    [Fact]
    public void ALine_HasAtMost140Columns_UnlessItIsData()
    {
        Assert.Empty(SourceTree.Files("*.cs").SelectMany(LongLines));
    }

    [Fact]
    public void ACancellationToken_IsSpelledOut()
    {
        Assert.Empty(
            from path in SourceTree.Files("*.cs")
            from Match match in ShortToken().Matches(SourceTree.Read(path))
            select $"{path}: {match.Value}"
        );
    }

    /// <summary>The engine drives an orchestrator in turns of one thread; one that awaits anything else asks for nothing more.</summary>
    [Fact]
    public void AnOrchestrator_LeavesItsTurnByNoCallOfDotNet()
    {
        string[] calls = ["CancelAsync(", "Task.Delay(", "Task.Run("];

        Assert.Empty(
            from path in SourceTree.Files("*.cs")
            where path.StartsWith("orchestrations/", StringComparison.Ordinal)
            let text = SourceTree.Read(path)
            where text.Contains(nameof(Microsoft.DurableTask.TaskOrchestrationContext), StringComparison.Ordinal)
            from call in calls
            where text.Contains(call, StringComparison.Ordinal)
            select $"{path}: {call}"
        );
    }

    /// <summary>Raw string literals hold JSON, CSS and SQL of others' layout.</summary>
    private static IEnumerable<string> LongLines(string path)
    {
        string text = RawLiteral().Replace(SourceTree.Read(path), literal => new string('\n', literal.Value.Count(c => c == '\n')));
        return text.Split('\n')
            .Select((line, i) => (Columns: line.EnumerateRunes().Count(), Number: i + 1))
            .Where(line => line.Columns > MaxColumns)
            .Select(line => $"{path}:{line.Number} has {line.Columns} columns");
    }

    [GeneratedRegex(@"\bCancellationToken\??\s+(ct|cancellation|stopping|stop|cancel|aborted)\b")]
    private static partial Regex ShortToken();

    [GeneratedRegex("\"{3,}.*?\"{3,}", RegexOptions.Singleline)]
    private static partial Regex RawLiteral();
}
