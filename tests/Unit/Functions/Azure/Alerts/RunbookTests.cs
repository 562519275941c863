using System.Reflection;
using System.Text.RegularExpressions;
using Serverless.Alerts.Rules;
using Serverless.Functions.Azure.Alerts;
using Serverless.Functions.Azure.OpenApi;
using Serverless.GpuBatch;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Alerts;

/// <summary>Runbooks say what is true of this app: each rule has one, and what they name is there.</summary>
public sealed partial class RunbookTests
{
    private static readonly Lazy<HashSet<string>> Settings = new(PropertiesOfOptions);

    public static TheoryData<string> Names => [.. Runbook.All.Select(runbook => runbook.Name)];

    [Fact]
    public void EveryRule_HasARunbook_AndSoHasWhatPeopleDoByHand() =>
        Assert.Equal(
            KnownRule
                .All.Select(rule => rule.Name)
                .Concat(["promotion", "rollback", "incident", "erasure", "restore", "recovery", "rotation"])
                .Order(),
            Runbook.All.Select(runbook => runbook.Name).Order()
        );

    [Theory, MemberData(nameof(Names))]
    public void ARunbook_NamesRoutesThatAreThere(string name)
    {
        string[] known = [.. HttpRoute.All.Select(route => $"{route.Method.ToUpperInvariant()} {route.Path}")];
        string[] named = [.. Route().Matches(TextOf(name)).Select(match => match.Groups[1].Value)];

        Assert.NotEmpty(named);
        Assert.Empty(named.Except(known));
    }

    [Theory, MemberData(nameof(Names))]
    public void ARunbook_NamesPagesOfTheConsole_AndOtherRunbooksThatAreThere(string name)
    {
        string console = SourceTree.Read("functions/Azure/Console/Page/console.js");

        Assert.All(Page().Matches(TextOf(name)), page =>
            Assert.Contains($"\n  {page.Groups[1].Value}: {{ title:", console, StringComparison.Ordinal)
        );
        Assert.All(Other().Matches(TextOf(name)), other => Assert.Contains(Runbook.All, one => one.Name == other.Groups[1].Value));
    }

    /// <summary>The console shows headings, paragraphs, lists and code, and no other Markdown.</summary>
    [Theory, MemberData(nameof(Names))]
    public void ARunbook_IsOfTheMarkdownThatTheConsoleShows(string name)
    {
        string text = TextOf(name);

        Assert.StartsWith("# ", text, StringComparison.Ordinal);
        Assert.All(text.Split('\n'), line => Assert.Matches(@"^($|#{1,3} \S|- \S|\d+\. \S|[A-Z])", line));
        Assert.All(text.Split('\n'), line => Assert.True(line.Count(c => c == '`') % 2 == 0, line));
        Assert.DoesNotContain("**", text, StringComparison.Ordinal);
        Assert.DoesNotContain("](", text, StringComparison.Ordinal);
    }

    /// <summary>By the last part of their names: in which section they lie is said by how each program binds its options.</summary>
    [Theory, MemberData(nameof(Names))]
    public void ARunbook_NamesSettingsThatAreThere(string name) =>
        Assert.Empty(Setting().Matches(TextOf(name)).Select(match => match.Groups[1].Value).Except(Settings.Value));

    /// <summary>Queries stand behind the route that takes them: <c>`GET /api/runs` with `?status=failed`</c>.</summary>
    [Theory, MemberData(nameof(Names))]
    public void ARunbook_NamesQueriesThatTheRouteTakes(string name)
    {
        Dictionary<string, string> functions = HttpRoute.All.ToDictionary(
            route => $"{route.Method.ToUpperInvariant()} {route.Path}",
            route => route.Function
        );

        Assert.All(Query().Matches(TextOf(name)), asked =>
        {
            Operation operation = OpenApiDocument.Operations.Single(one => one.Function == functions[asked.Groups[1].Value]);
            IEnumerable<string> given = asked.Groups[2].Value.Split('&').Select(part => part.Split('=')[0]);
            Assert.Empty(given.Except(operation.Parameters.Where(one => one.In == "query").Select(one => one.Name)));
        });
    }

    [Theory, MemberData(nameof(Names))]
    public void ARunbook_NamesTargetsOfMake_WithVariablesAndOptionsThatAreThere(string name)
    {
        string makefile = SourceTree.Read("Makefile");
        string commands = string.Concat(
            Directory
                .EnumerateFiles(Path.Combine(SourceTree.Root, "local", "Stack"), "*.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText)
        );

        Assert.All(Make().Matches(TextOf(name)), made =>
        {
            Assert.Matches($"(?m)^{made.Groups[1].Value}:", makefile);
            Assert.All(Variable().Matches(made.Value), one =>
                Assert.Contains($"$({one.Groups[1].Value})", makefile, StringComparison.Ordinal)
            );
        });
        Assert.All(OptionOfMake().Matches(TextOf(name)), option =>
            Assert.Contains($"(\"{option.Groups[1].Value}\"", commands, StringComparison.Ordinal)
        );
    }

    private static HashSet<string> PropertiesOfOptions() =>
        [
            .. new[] { typeof(Runbook).Assembly, typeof(WorkerOptions).Assembly }
                .SelectMany(program => program.GetReferencedAssemblies().Select(Assembly.Load).Prepend(program))
                .Where(assembly => assembly.GetName().Name!.StartsWith("Serverless.", StringComparison.Ordinal))
                .SelectMany(assembly => assembly.GetTypes())
                .Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal))
                .SelectMany(type => type.GetProperties())
                .Select(property => property.Name),
        ];

    private static string TextOf(string name) => Runbook.All.Single(runbook => runbook.Name == name).Text;

    [GeneratedRegex(@"`((?:GET|POST|PUT|DELETE) /[^`\s]+)`")]
    private static partial Regex Route();

    [GeneratedRegex("`[A-Z][A-Za-z]*(?::[A-Z][A-Za-z]*)*(?::|__)([A-Z][A-Za-z]*)(?::{[a-z]+})?`")]
    private static partial Regex Setting();

    [GeneratedRegex("/api/console#([a-z]+)")]
    private static partial Regex Page();

    [GeneratedRegex(@"`((?:GET|POST|PUT|DELETE) /[^`\s]+)` with `\?([^`]+)`")]
    private static partial Regex Query();

    [GeneratedRegex("`make ([a-z]+)[^`]*`")]
    private static partial Regex Make();

    [GeneratedRegex("([A-Z]+)=")]
    private static partial Regex Variable();

    /// <summary>Behind OPTIONS, or alone.</summary>
    [GeneratedRegex(@"(?:OPTIONS=""?|`)(--[a-z-]+)")]
    private static partial Regex OptionOfMake();

    [GeneratedRegex("runbook `([a-zA-Z]+)`")]
    private static partial Regex Other();
}
