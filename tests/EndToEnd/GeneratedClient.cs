using System.Reflection;
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;
using NSwag.CodeGeneration.OperationNameGenerators;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>
/// A client that NSwag makes of the running app's own description: of all of it, compiled by the SDK's compiler. Whatever a generator does
/// not understand of the description is an error here.
/// </summary>
public sealed class GeneratedClient(SharedStack shared) : IAsyncLifetime
{
    private const string Namespace = "Pipeline";

    /// <summary>NSwag writes no such type, and uses it for bodies of any kind of picture.</summary>
    private const string MissingType =
        $$"""namespace {{Namespace}} { public class FileParameter { public System.IO.Stream Data; public string ContentType; } }""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("generated-client-");
    private HttpClient _http = null!;
    private Assembly _assembly = null!;

    /// <summary>An instance of the generated class, which the compiler of these tests does not know.</summary>
    public dynamic Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _http = new HttpClient { BaseAddress = shared.Stack.FunctionsAddress };
        _http.DefaultRequestHeaders.Add("x-functions-key", shared.Stack.FunctionsKey);
        string description = await _http.GetStringAsync(new Uri("api/openapi.json", UriKind.Relative));
        string source = Path.Combine(_folder.FullName, "client.cs");
        await File.WriteAllTextAsync(source, $"{await GenerateAsync(description)}\n{MissingType}");
        _assembly = Assembly.LoadFrom(await CompileAsync(source));
        Api = Activator.CreateInstance(TypeOf("PipelineApi"), _http)!;
    }

    /// <summary>A record of the description, filled in.</summary>
    public dynamic New(string record, params (string Name, object Value)[] members)
    {
        object made = Activator.CreateInstance(TypeOf(record))!;
        foreach ((string name, object value) in members)
        {
            made.GetType().GetProperty(name)!.SetValue(made, value);
        }
        return made;
    }

    public ValueTask DisposeAsync()
    {
        _http?.Dispose();
        _folder.Delete(recursive: true); // a loaded assembly stays in memory
        return ValueTask.CompletedTask;
    }

    private Type TypeOf(string name) => _assembly.GetType($"{Namespace}.{name}", throwOnError: true)!;

    private static async Task<string> GenerateAsync(string description)
    {
        OpenApiDocument document = await OpenApiDocument.FromJsonAsync(description);
        CSharpClientGeneratorSettings settings = new()
        {
            ClassName = "PipelineApi",
            UseBaseUrl = false,
            GenerateOptionalParameters = true,
            OperationNameGenerator = new SingleClientFromOperationIdOperationNameGenerator(),
        };
        settings.CSharpGeneratorSettings.Namespace = Namespace;
        settings.CSharpGeneratorSettings.JsonLibrary = CSharpJsonLibrary.SystemTextJson;
        settings.CSharpGeneratorSettings.GenerateOptionalPropertiesAsNullable = true; // 0 is not the same as nothing
        return new CSharpClientGenerator(document, settings).GenerateFile();
    }

    /// <summary>The compiler as a process: its code is compiled ahead, which that of the package is not.</summary>
    private async Task<string> CompileAsync(string source)
    {
        (_, string version) = await Terminal.RunAsync("dotnet", "--version");
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        string sdk = Path.GetFullPath(Path.Combine(framework, "../../../sdk", version.Trim()));
        string library = Path.Combine(_folder.FullName, "client.dll");
        string[] references =
        [
            .. Directory
                .GetFiles(framework, "*.dll")
                .Where(file => !file.Contains("Native", StringComparison.Ordinal))
                .Select(file => $"-r:{file}"),
        ];
        (int code, string output) = await Terminal.RunAsync(
            "dotnet",
            [Path.Combine(sdk, "Roslyn/bincore/csc.dll"), "-nologo", "-warn:0", "-t:library", $"-out:{library}", .. references, source]
        );
        Assert.True(code == 0, output);
        return library;
    }
}
