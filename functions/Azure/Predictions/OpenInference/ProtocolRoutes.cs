using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker.Core.FunctionMetadata;

namespace Serverless.Functions.Azure.Predictions.OpenInference;

/// <summary>
/// Has every route of the protocol stand below /api too, as all others do: its clients ask for /v2 at the root, unless their base address
/// has a path. A function has one route, so the host and the worker are told of each twice.
/// </summary>
internal sealed class ProtocolRoutes : IFunctionMetadataTransformer
{
    public const string Api = "api/";

    private const string Suffix = "UnderApi";

    public string Name => nameof(ProtocolRoutes);

    /// <summary>The name of the function as it is declared, whichever of its routes a request came by.</summary>
    public static string DeclaredName(string function) =>
        function.EndsWith(Suffix, StringComparison.Ordinal) ? function[..^Suffix.Length] : function;

    /// <summary>Whether a route, without a slash before it, is one of the protocol's.</summary>
    public static bool IsProtocol(string route) => route == "v2" || route.StartsWith("v2/", StringComparison.Ordinal);

    public void Transform(IList<IFunctionMetadata> original)
    {
        foreach (IFunctionMetadata function in original.ToArray())
        {
            string[] bindings = [.. (function.RawBindings ?? []).Select(BehindApi)];
            if (!bindings.SequenceEqual(function.RawBindings ?? []))
            {
                original.Add(
                    new DefaultFunctionMetadata
                    {
                        Name = function.Name + Suffix,
                        EntryPoint = function.EntryPoint,
                        ScriptFile = function.ScriptFile,
                        Language = function.Language,
                        IsProxy = function.IsProxy,
                        RawBindings = bindings,
                    }
                );
            }
        }
    }

    private static string BehindApi(string binding)
    {
        JsonObject described = JsonNode.Parse(binding)!.AsObject();
        if ((string?)described["type"] != "httpTrigger" || (string?)described["route"] is not { } route || !IsProtocol(route))
        {
            return binding;
        }
        described["route"] = Api + route;
        return described.ToJsonString();
    }
}
