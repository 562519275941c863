using Serverless.Infra.Terraform;

namespace Serverless.Infra.Policies;

/// <summary>Each identity on Azure has exactly the roles that the code behind it needs, each on the one thing it is needed on.</summary>
internal static class Roles
{
    /// <summary>What all environments share is given by its id (see azure.tftest.hcl).</summary>
    private static readonly Dictionary<string, string> Given = new() { ["registry-id"] = "registry", ["models-id"] = "shared models" };

    private static readonly string[] Expected =
    [
        "app has Key Vault Secrets User on key_vault.main",
        "events has Storage Blob Data Contributor on storage_container.main[\"event-dead-letters\"]",
        "events has Storage Queue Data Message Sender on storage_queue.main[\"deleted-blobs\"]",
        "functions has Storage Blob Data Owner on storage_account.main",
        "functions has Storage Queue Data Contributor on storage_account.main",
        "functions has Storage Table Data Contributor on storage_account.main",
        "functions has Search Index Data Contributor on search_service.main",
        "functions has Search Service Contributor on search_service.main",
        "gpu-batch has AcrPull on registry",
        "gpu-batch has Storage Blob Data Contributor on storage_account.main",
        "gpu-batch has Storage Queue Data Contributor on storage_queue.main[\"gpu-completions\"]",
        "gpu-batch has Storage Queue Data Contributor on storage_queue.main[\"gpu-jobs\"]",
    ];

    public static IEnumerable<string> Check(Applied applied)
    {
        if (!applied.Of("azurerm_resource_group").Any())
        {
            return [];
        }
        Dictionary<string, string> things = new(Given);
        foreach (Resource resource in applied.Resources.Where(resource => resource.Id.Length > 0))
        {
            things[resource.Id] = resource.Address[(resource.Address.LastIndexOf("azurerm_", StringComparison.Ordinal) + 8)..];
        }
        Dictionary<string, string> holders = applied
            .Of("azurerm_user_assigned_identity")
            .ToDictionary(identity => identity.Text("principal_id"), identity => identity.Address.Split('"')[^2]);
        foreach (Resource app in applied.Of("azurerm_function_app_flex_consumption"))
        {
            holders[app.Text("identity.0.principal_id")] = "app";
        }
        string[] found =
        [
            .. applied
                .Of("azurerm_role_assignment")
                .Select(role =>
                    $"{holders.GetValueOrDefault(role.Text("principal_id"), "somebody")} has {role.Text("role_definition_name")} on "
                    + things.GetValueOrDefault(role.Text("scope"), role.Text("scope"))
                ),
        ];
        bool publishes = Settings.OfFunctions(applied).GetValueOrDefault("Registry__Shared__Publishes") == "true";
        string[] expected = [.. Expected, $"functions has Storage Blob Data {(publishes ? "Contributor" : "Reader")} on shared models"];
        return
        [
            .. expected.Except(found).Select(missing => $"No role assignment: {missing}."),
            .. found.Except(expected).Select(surplus => $"A role too many: {surplus}."),
        ];
    }
}
