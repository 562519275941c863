using System.Text.RegularExpressions;
using System.Xml.Linq;
using Xunit;

namespace Serverless.Unit;

/// <summary>
/// The layout that keeps the parts apart: which project may see which, where cloud SDKs are, and one meaning for each type name.
/// </summary>
public sealed partial class HouseTests
{
    /// <summary>What each library sees, exactly.</summary>
    private static readonly Dictionary<string, string[]> Libraries = new()
    {
        ["Ingest"] = ["Inference", "Media", "Serving", "Storage", "Vectors", "Webhooks", "Words"],
        ["AzureSearch"] = ["Ingest"],
        ["Serving"] = ["Captures", "Inference", "Registry", "Rollout"],
        ["Rollout"] = ["Captures", "Registry", "Statistics", "Storage"],
        ["Validation"] = ["Inference", "Media", "Registry", "Statistics", "Storage"],
        ["Drift"] = ["Captures", "Statistics", "Storage"],
        ["Exports"] = ["Captures", "Storage"],
        ["Registry"] = ["Packages", "Storage"],
        ["Captures"] = ["Storage"],
        ["Cards"] = [],
        ["Runs"] = ["Storage"],
        ["Webhooks"] = ["Storage"],
        ["Alerts"] = ["Storage", "Webhooks"],
        ["Audit"] = ["Storage"],
        ["Inference"] = ["Imaging", "Packages", "Tokenizers"],
        ["Media"] = ["Imaging"],
        ["Sizing"] = ["Statistics"],
        ["Packages"] = [],
        ["Tokenizers"] = [],
        ["Imaging"] = [],
        ["Statistics"] = [],
        ["Training"] = [],
        ["Vectors"] = [],
        ["Words"] = ["Tokenizers"],
        ["Storage"] = [],
        ["Telemetry"] = [],
    };

    /// <summary>Folders below which a project may see what is local to one machine.</summary>
    private static readonly string[] SeeLocal = ["local/", "tests/"];

    /// <summary>Names that each project may have one of.</summary>
    private static readonly string[] PerProject = ["Log", "Program", "ServiceCollectionExtensions"];

    private static readonly string[] Production = ["libs/", "orchestrations/", "functions/", "gpu-batch/"];

    private static readonly Dictionary<string, Project> Projects = SourceTree.Files("*.csproj").ToDictionary(path => path, Project.Read);

    public static TheoryData<string> Libs => [.. Projects.Keys.Where(path => path.StartsWith("libs/", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Libs))]
    public void ALibrary_SeesWhatTheDesignNames_AndNothingElse(string path)
    {
        string name = Path.GetFileNameWithoutExtension(path);

        Assert.True(Libraries.ContainsKey(name), $"{path} has no arrows in the design.");
        Assert.Equal(
            Libraries[name].Select(seen => $"libs/{seen}/{seen}.csproj").Order(StringComparer.Ordinal),
            Projects[path].Sees.Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public void Arrows_PointDownOnly()
    {
        Assert.All(Projects.Where(project => Production.Any(folder => project.Key.StartsWith(folder, StringComparison.Ordinal))), project =>
            Assert.All(project.Value.Sees, seen =>
                Assert.True(
                    LayerOf(seen) < LayerOf(project.Key) || (LayerOf(seen) == 0 && LayerOf(project.Key) == 0),
                    $"{project.Key} sees {seen}."
                )
            )
        );
        Assert.Equal(2, Projects.Keys.Count(path => path.StartsWith("functions/", StringComparison.Ordinal)));
        Assert.Single(Projects.Keys, path => path.StartsWith("orchestrations/", StringComparison.Ordinal));
    }

    [Fact]
    public void NoProject_SeesItself()
    {
        Assert.All(Projects.Keys, path => Assert.DoesNotContain(path, ReachedFrom(path)));
    }

    [Fact]
    public void OnlyTestsAndTheStack_SeeWhatIsLocal()
    {
        Assert.All(Projects.Where(project => !SeeLocal.Any(folder => project.Key.StartsWith(folder, StringComparison.Ordinal))), project =>
            Assert.DoesNotContain(project.Value.Sees, seen => SeeLocal.Any(folder => seen.StartsWith(folder, StringComparison.Ordinal)))
        );
    }

    [Fact]
    public void CloudSdks_AreInStorage_InTheSearchService_AndWhereEventsComeIn()
    {
        string[] found =
        [
            .. Projects
                .Where(project => Production.Any(folder => project.Key.StartsWith(folder, StringComparison.Ordinal)))
                .Where(project => project.Value.Packages.Any(package => CloudSdk().IsMatch(package)))
                .Select(project => project.Key)
                .Where(path => path is not ("libs/Storage/Storage.csproj" or "libs/AzureSearch/AzureSearch.csproj") && LayerOf(path) < 2),
        ];

        Assert.Empty(found);
    }

    [Fact]
    public void NoTypeName_StandsTwice()
    {
        var twice = SourceTree
            .Files("*.cs")
            .Where(path => Production.Any(folder => path.StartsWith(folder, StringComparison.Ordinal)))
            .SelectMany(DeclaredIn)
            .Distinct()
            .GroupBy(type => type.Name, StringComparer.Ordinal)
            .Where(types => types.Count() > 1 && !PerProject.Contains(types.Key))
            .Select(types => $"{types.Key}: {string.Join(", ", types.Select(type => type.Namespace))}");

        Assert.Empty(twice);
    }

    /// <summary>Libraries stand at the bottom, the orchestrations on them, and what events come in by on both.</summary>
    private static int LayerOf(string path) =>
        path.Split('/')[0] switch
        {
            "libs" => 0,
            "orchestrations" => 1,
            "functions" or "gpu-batch" => 2,
            _ => 3,
        };

    private static HashSet<string> ReachedFrom(string path)
    {
        HashSet<string> reached = [];
        Stack<string> open = new(Projects[path].Sees);
        while (open.TryPop(out string? next))
        {
            if (!reached.Add(next) || !Projects.TryGetValue(next, out Project? project))
            {
                continue;
            }
            foreach (string seen in project.Sees)
            {
                open.Push(seen);
            }
        }
        return reached;
    }

    /// <summary>The types of a file that are not nested in others.</summary>
    private static IEnumerable<(string Namespace, string Name)> DeclaredIn(string path)
    {
        string text = SourceTree.Read(path);
        string space = Namespace().Match(text).Groups[1].Value;
        return Declaration().Matches(text).Select(match => (space, match.Groups[1].Value));
    }

    [GeneratedRegex(@"^(AWSSDK|Amazon|Azure)\.")]
    private static partial Regex CloudSdk();

    [GeneratedRegex(@"^namespace ([\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(
        @"^(?:(?:public|internal|static|sealed|abstract|partial|readonly|ref|unsafe) )*"
            + @"(?:class|struct|enum|interface|record(?: class| struct)?|delegate [\w<>\[\],.? ]+?) ([A-Z]\w*)",
        RegexOptions.Multiline
    )]
    private static partial Regex Declaration();

    /// <param name="Sees">Paths of the projects that it references itself.</param>
    private sealed record Project(IReadOnlyList<string> Sees, IReadOnlyList<string> Packages)
    {
        public static Project Read(string path)
        {
            XDocument file = XDocument.Load(SourceTree.PathOf(path));
            return new Project(
                [.. file.Descendants("ProjectReference").Select(reference => Resolve(path, reference.Attribute("Include")!.Value))],
                [.. file.Descendants("PackageReference").Select(reference => reference.Attribute("Include")?.Value ?? "")]
            );
        }

        private static string Resolve(string path, string include)
        {
            string full = include.StartsWith("$(Root)", StringComparison.Ordinal)
                ? Path.Combine(SourceTree.Root, include["$(Root)".Length..])
                : Path.Combine(SourceTree.Root, Path.GetDirectoryName(path)!, include);
            return Path.GetRelativePath(SourceTree.Root, Path.GetFullPath(full)).Replace('\\', '/');
        }
    }
}
