/** The tag of every function that says what is deployed, usually a commit (DEP-5). */
export const DEPLOYMENT_TAG = "deploy-sha";
