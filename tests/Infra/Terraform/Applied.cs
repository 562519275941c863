using System.Text.Json;

namespace Serverless.Infra.Terraform;

/// <summary>What Terraform made of a root module, or why it made nothing of it.</summary>
/// <param name="Errors">What Terraform refuses; empty when all was applied.</param>
internal sealed record Applied(IReadOnlyList<Resource> Resources, IReadOnlyList<string> Errors)
{
    public IEnumerable<Resource> Of(string type) => Resources.Where(resource => resource.Type == type);

    /// <param name="lines">The output of <c>terraform test -json -verbose</c>, one JSON object a line.</param>
    public static Applied Read(string lines)
    {
        List<Resource> resources = [];
        List<string> errors = [];
        foreach (string line in lines.Split('\n').Where(line => line.StartsWith('{')))
        {
            JsonElement message = JsonDocument.Parse(line).RootElement;
            if (message.TryGetProperty("test_state", out JsonElement state))
            {
                Collect(state.GetProperty("root_module"), resources);
            }
            if (message.TryGetProperty("diagnostic", out JsonElement diagnostic) && Text(diagnostic, "severity") == "error")
            {
                errors.Add($"{Text(diagnostic, "summary")}: {Text(diagnostic, "detail")}");
            }
        }
        if (resources.Count == 0 && errors.Count == 0)
        {
            errors.Add($"terraform test told of no state: {lines}");
        }
        return new(resources, errors);
    }

    private static void Collect(JsonElement module, List<Resource> found)
    {
        if (module.TryGetProperty("resources", out JsonElement resources))
        {
            found.AddRange(
                resources
                    .EnumerateArray()
                    .Where(resource => Text(resource, "mode") == "managed")
                    .Select(resource => new Resource(Text(resource, "address"), Text(resource, "type"), resource.GetProperty("values")))
            );
        }
        if (module.TryGetProperty("child_modules", out JsonElement children))
        {
            foreach (JsonElement child in children.EnumerateArray())
            {
                Collect(child, found);
            }
        }
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString() ?? "";
}
