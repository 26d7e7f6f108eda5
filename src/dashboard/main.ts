// The dashboard's entry: puts the app on the page.

import { mount } from 'svelte';
import App from './App.svelte';
import './tokens.css';
import './base.css';

const target = document.getElementById('app');
if (target === null) throw new Error('The page has no element #app.');
target.replaceChildren();
mount(App, { target });
